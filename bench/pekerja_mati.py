"""50 × kill -9 of workers over 500 pekerjaan, on both databases: none lost, no effect twice.

`PYTHONPATH=. .venv/bin/python bench/pekerja_mati.py [JOBS] [KILLS]`; exits 1 if one is.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from tests.conftest import scratch_portal
from tests.races.bunuh import kill_and_count
from tests.server import need_postgres, scratch_database


@contextmanager
def engines(folder: Path) -> Iterator[list[Engine]]:
    """A prepared database of each kind."""
    with (
        scratch_database(need_postgres()) as url,
        scratch_portal(url, folder / "pg") as postgres,
        scratch_portal(f"sqlite:///{folder / 'bangkit.db'}", folder / "lite") as sqlite,
    ):
        yield [sqlite.engine, postgres.engine]


def main(jobs: int = 500, kills: int = 50) -> bool:
    """Print one line for each database; return whether all is well."""
    good = True
    with TemporaryDirectory() as name, engines(Path(name)) as both:
        for engine in both:
            hasil = kill_and_count(engine, Path(name) / "berkas", jobs=jobs, kills=kills)
            lost = hasil.wanted - hasil.found
            twice = hasil.found - hasil.wanted
            line = (
                f"{engine.dialect.name}: {hasil.kills} kill -9, {hasil.mid_run} pekerjaan cut off, "
                f"{dict(hasil.status)}, lost {len(lost)}, twice {len(twice)}, "
                f"{hasil.seconds:.0f} s\n"
            )
            sys.stdout.write(line)
            good &= not lost and not twice and hasil.status == {"selesai": jobs}
    return good


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
