"""Starts works at the same moment, each in a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy.exc import IntegrityError, OperationalError

from app.errors import BangkitError


def race(*works: Callable[[], Any]) -> list[Any]:
    """Start all works at the same moment; return results, with refusals as the errors they are."""
    gate = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return work()
        except (BangkitError, IntegrityError, OperationalError) as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
