"""Asks one page over many kept connections for some seconds, in a process of its own.

`python -m bench.hujan` reads the request as JSON from its input and prints requests and errors.
"""

import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from http.client import HTTPConnection


@dataclass(frozen=True)
class Hujan:
    """What to ask, over how many connections, for how many seconds."""

    port: int
    path: str
    cookie: str
    connections: int
    seconds: float


def requests_a_second(hujan: Hujan) -> tuple[float, int]:
    """Return whole answers a second, and how many were no answer."""
    text = subprocess.run(
        [sys.executable, "-m", "bench.hujan"],
        input=json.dumps(asdict(hujan)),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    done, errors, seconds = json.loads(text)
    return done / seconds, errors


def _rain(hujan: Hujan) -> tuple[int, int, float]:
    done, errors, lock = 0, 0, threading.Lock()
    start = time.perf_counter()
    until = start + hujan.seconds

    def ask() -> None:
        nonlocal done, errors
        connection = HTTPConnection("127.0.0.1", hujan.port, timeout=120)
        headers = {"Cookie": hujan.cookie, "Accept-Encoding": "gzip, deflate, br"}
        while time.perf_counter() < until:
            connection.request("GET", hujan.path, headers=headers)
            response = connection.getresponse()
            response.read()
            with lock:
                done += response.status == 200
                errors += response.status != 200

    threads = [threading.Thread(target=ask) for _ in range(hujan.connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, errors, time.perf_counter() - start


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_rain(Hujan(**json.load(sys.stdin)))))
