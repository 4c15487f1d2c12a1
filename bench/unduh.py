"""Takes a file from a server in a process of its own, as a browser does, and says how it went.

`python -m bench.unduh` reads the request as JSON from its input and prints JSON.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from http.client import HTTPConnection


@dataclass(frozen=True)
class Minta:
    """What to ask of which port; ``keep`` bytes of the answer are given back."""

    port: int
    path: str
    body: str = ""
    cookie: str = ""
    keep: int = 0
    timeout: float = 600


@dataclass(frozen=True)
class Unduhan:
    """What came: lines after the header, bytes, seconds to the first byte and to the last."""

    status: int
    kind: str
    rows: int
    size: int
    first: float
    seconds: float
    text: str

    @property
    def per_second(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds


def begin(minta: Minta) -> "subprocess.Popen[str]":
    """Start a download beside this process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.unduh"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None, "asked for a pipe"
    process.stdin.write(json.dumps(asdict(minta)))
    process.stdin.close()
    return process


def end(process: "subprocess.Popen[str]") -> Unduhan:
    """Wait for a download that was begun."""
    assert process.stdout is not None, "asked for a pipe"
    text = process.stdout.read()
    process.wait()
    if process.returncode:
        raise RuntimeError("a download broke off")
    return Unduhan(**json.loads(text))


def unduh(minta: Minta) -> Unduhan:
    """Take the file and wait for it."""
    return end(begin(minta))


def _take(minta: Minta) -> Unduhan:
    connection = HTTPConnection("127.0.0.1", minta.port, timeout=minta.timeout)
    headers = {"Cookie": minta.cookie, "Accept-Encoding": "identity"}
    if minta.body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["Referer"] = f"http://127.0.0.1:{minta.port}/"
    start = time.perf_counter()
    connection.request("POST" if minta.body else "GET", minta.path, minta.body or None, headers)
    response = connection.getresponse()
    block = response.read(1)
    first = time.perf_counter() - start
    lines, size, kept = 0, 0, b""
    while block:
        lines += block.count(b"\n")
        size += len(block)
        if len(kept) < minta.keep:
            kept += block
        block = response.read(65536)
    kind = (response.getheader("Content-Type") or "").split(";")[0]
    seconds = time.perf_counter() - start
    return Unduhan(response.status, kind, lines - 1, size, first, seconds, kept.decode())


if __name__ == "__main__":
    answer = _take(Minta(**json.load(sys.stdin)))
    sys.stdout.write(json.dumps(asdict(answer)))
