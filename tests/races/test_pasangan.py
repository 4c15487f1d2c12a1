"""Two hundred pairs, each on one visit at the same moment: exactly one of the two wins."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.errors import DataBerubahError
from app.models.engine import writing
from app.models.kunjungan import Kunjungan
from app.models.pelaku import Pelaku
from app.models.policy import bind_pelaku, unscoped
from app.models.riwayat import Riwayat
from app.models.surat import Surat
from app.routing import JenisAksi
from app.services.berkas import tindak
from app.services.lampiran import open_store
from app.services.periksa import periksa
from tests.layanan_uji import LURAH, file_uji, publish_layanan
from tests.races.lomba import race
from tests.walk import SENIN, act_as, resident_of

PAIRS = 200
REASON = {"alasan": "lainnya", "catatan": "Berlomba"}

LAWAN = (
    # What runs against the lurah's signature, by whom.
    ("lurah.pilang", JenisAksi.TANDA_TANGANI, {}),
    ("lurah.pilang", JenisAksi.KEMBALIKAN, REASON),
    ("lurah.pilang", JenisAksi.TOLAK, REASON),
    ("petugas.pilang", JenisAksi.BATALKAN, {"catatan": "Berlomba"}),
)


def work(
    engine: Engine, pelaku: Pelaku, berkas_id: int, jenis: JenisAksi, kunci: str, facts: dict
) -> Callable[[], str]:
    """Return one act on visit 1 in a transaction of its own; it gives back what was done."""

    def run() -> str:
        with Session(engine) as session, writing():
            bind_pelaku(session, pelaku)
            names = {"berkas_id": berkas_id, "jenis": jenis, "ke": 1, "kunci": kunci}
            row = tindak(session, pelaku, SENIN, **names, **facts)
            done = str(row.jenis)
            session.commit()
            return done

    return run


@pytest.fixture
def ready(both: Engine) -> tuple[list[int], dict[str, Pelaku]]:
    """Berkas that wait for the lurah's signature, and who races for them."""
    with Session(both) as session, writing():
        versi_id = publish_layanan(session, "LOMBA", LURAH)
        penduduk_id, _ = resident_of(session, "RT 001/RW 002 Pilang")
        people = {name: act_as(session, name) for name in ("lurah.pilang", "petugas.pilang")}
        ids = [
            file_uji(session, people["petugas.pilang"], versi_id, penduduk_id) for _ in range(PAIRS)
        ]
        session.commit()
    return ids, people


def test_of_two_hundred_pairs_on_one_visit_exactly_one_wins_each_time(
    both: Engine, ready: tuple[list[int], dict[str, Pelaku]], tmp_path: Path
) -> None:
    ids, people = ready
    lurah, wins = people["lurah.pilang"], dict.fromkeys(LAWAN[n][1] for n in range(len(LAWAN)))
    for number, berkas_id in enumerate(ids):
        username, jenis, facts = LAWAN[number % len(LAWAN)]
        answers = race(
            work(both, lurah, berkas_id, JenisAksi.TANDA_TANGANI, f"ttd-{number}", {}),
            work(both, people[username], berkas_id, jenis, f"lawan-{number}", facts),
        )
        won = [answer for answer in answers if isinstance(answer, str)]
        lost = [answer for answer in answers if isinstance(answer, DataBerubahError)]
        assert (len(won), len(lost)) == (1, 1), answers
        assert lost[0].params.get("nama") in (lurah.nama, people["petugas.pilang"].nama)
        wins[JenisAksi(won[0])] = True
    with Session(both) as session, unscoped(session, "uji membaca hasil lomba"):
        for model, column in ((Riwayat, Riwayat.nomor), (Kunjungan, Kunjungan.ke)):
            rows = session.execute(select(model.berkas_id, column).order_by(column)).all()
            assert len(rows) == PAIRS * (2 if model is Riwayat else 1)
        signed = session.scalars(
            select(Riwayat.berkas_id).where(Riwayat.jenis == JenisAksi.TANDA_TANGANI.value)
        ).all()
        numbers = session.scalars(select(Surat.nomor).order_by(Surat.nomor)).all()
        assert numbers == list(range(1, len(signed) + 1))
        assert wins[JenisAksi.TANDA_TANGANI]
    with Session(both) as session:
        assert list(periksa(session, open_store(str(tmp_path)), SENIN)) == []
