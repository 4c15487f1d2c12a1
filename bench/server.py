"""Servers under measurement: started with one worker, asked over HTTP; their CPU and memory."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from re import search as re_search
from urllib.parse import urlencode

from bench.data import FOLDER
from config import PROJECT

THREADS = 8
"""As `SERVER_THREADS` of the portal."""

HEADERS = {"Accept": "text/html", "User-Agent": "Mozilla/5.0 (ukur)", "Host": "127.0.0.1"}
PER_SECOND = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Jawaban:
    """One answer: how long it took whole and to its first byte, in seconds."""

    status: int
    body: bytes
    seconds: float
    first: float = 0.0


@dataclass
class Server:
    """A running server: its address, and the processes that are it."""

    port: int
    process: subprocess.Popen[bytes]
    cookie: str = ""
    timeout: float = 60
    _open: HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str, accept: str = "gzip, deflate, br") -> Jawaban:
        """Ask once on a kept connection; a lost one is opened anew."""
        headers = {**HEADERS, "Accept-Encoding": accept}
        if self.cookie:
            headers["Cookie"] = self.cookie
        start = time.perf_counter()
        try:
            response = self._ask(path, headers)
            first = time.perf_counter() - start
            body = response.read()
        except TimeoutError:
            self.close()
            return Jawaban(0, b"", time.perf_counter() - start)
        return Jawaban(response.status, body, time.perf_counter() - start, first)

    def _ask(self, path: str, headers: dict[str, str]) -> HTTPResponse:
        for attempt in (1, 2):
            if self._open is None:
                self._open = HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            try:
                self._open.request("GET", path, headers=headers)
                return self._open.getresponse()
            except (ConnectionError, OSError) as error:
                self.close()
                if attempt == 2 or isinstance(error, TimeoutError):
                    raise
        raise AssertionError("unreachable")

    def post(self, path: str, body: bytes, kind: str = FORM) -> Jawaban:
        """Send a form on a connection of its own; ``body`` of the answer is where it leads."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        headers = {**HEADERS, "Cookie": self.cookie, "Content-Type": kind}
        headers["Referer"] = f"http://127.0.0.1:{self.port}/"
        start = time.perf_counter()
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
        where = (response.getheader("Location") or "").encode()
        connection.close()
        return Jawaban(response.status, where, time.perf_counter() - start)

    def close(self) -> None:
        """Let go of the connection."""
        if self._open is not None:
            self._open.close()
        self._open = None

    def fresh(self) -> "Server":
        """Return the same server with a connection of its own, for another thread."""
        return Server(self.port, self.process, self.cookie, self.timeout)

    def sign_in(self, username: str, sandi: str) -> None:
        """Sign in to the portal by its form, and keep the cookie."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/login/", headers=HEADERS)
        response = connection.getresponse()
        found = re_search(rb'name="csrf_token"[^>]*value="([^"]+)"', response.read())
        if found is None:
            raise RuntimeError("the login page has no token")
        cookies = _cookies(response)
        body = urlencode({"username": username, "password": sandi, "csrf_token": found[1].decode()})
        headers = {**HEADERS, "Cookie": cookies, "Referer": f"http://127.0.0.1:{self.port}/login/"}
        headers["Content-Type"] = FORM
        connection.request("POST", "/login/", body, headers)
        answer = connection.getresponse()
        answer.read()
        self.cookie = _cookies(answer) or cookies
        connection.close()
        if answer.status != 302:
            raise RuntimeError(f"{username} could not sign in: {answer.status}")

    def pids(self) -> list[int]:
        """Return the server's process and all below it."""
        children: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                text = stat.read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(
                int(stat.parent.name)
            )
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            todo += children.get(pid, [])
        return found

    def cpu(self, pids: list[int]) -> float:
        """Return the CPU seconds spent so far, to the nanosecond, by all living threads."""
        total = 0
        for pid in pids:
            for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                try:
                    total += int(path.read_text().split()[0])
                except (FileNotFoundError, ProcessLookupError):
                    continue
        return total / 1e9

    def memory(self, pids: list[int]) -> dict[int, int]:
        """Return what each process has resident now, in bytes; its peak begins anew from here."""
        for pid in pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        return {pid: _status(pid, "VmRSS") for pid in pids}

    def grown(self, before: dict[int, int]) -> int:
        """Return how far all processes together rose above ``before`` at their peaks."""
        return sum(max(0, _status(pid, "VmHWM") - size) for pid, size in before.items())


def _status(pid: int, name: str) -> int:
    found = re_search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0


def _cookies(response: HTTPResponse) -> str:
    values = response.headers.get_all("Set-Cookie") or []
    return "; ".join(value.split(";")[0] for value in values)


@contextmanager
def serving(command: list[str], port: int, env: dict[str, str], probe: str) -> Iterator[Server]:
    """Run a server for the block; give it when it answers."""
    FOLDER.mkdir(exist_ok=True)
    log = FOLDER / f"server_{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, **env, "PYTHONPATH": str(PROJECT)},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(port, process)
    try:
        _await(server, probe, log)
        yield server
    finally:
        server.close()
        _stop(process)


def _await(server: Server, probe: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        try:
            if server.get(probe).status < 500:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"server on {server.port} did not start:\n{log.read_text()[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and its workers, which are a session of their own."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            continue
