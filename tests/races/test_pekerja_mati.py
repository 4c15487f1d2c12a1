"""Workers that are killed in the middle: no pekerjaan is lost, none takes effect twice.

`bench/pekerja_mati.py` does the same with 50 kills over 500 pekerjaan.
"""

from pathlib import Path

from sqlalchemy import Engine

from tests.races.bunuh import kill_and_count

JOBS, KILLS = 40, 5


def test_no_kill_loses_a_pekerjaan_or_doubles_its_effect(both: Engine, tmp_path: Path) -> None:
    hasil = kill_and_count(both, tmp_path, jobs=JOBS, kills=KILLS)
    assert hasil.kills == KILLS
    assert hasil.status == {"selesai": JOBS}
    assert hasil.found == hasil.wanted
