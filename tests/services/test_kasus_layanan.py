"""The worked cases that need a database, walked through app/services on the seeded portal."""

import json
from datetime import timedelta
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.errors import BangkitError
from app.models.kotak_keluar import KotakKeluar
from app.models.layanan import Layanan
from app.models.pengguna import Pengguna
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.services import massal
from app.services.lampiran import open_store
from app.services.pelaku import load_pelaku
from app.services.periksa import Temuan, periksa
from tests.models_berkas.contoh import run_triggers
from tests.routing.kasus import SATUAN, Kasus, load_kasus
from tests.services.lakon import REASON, Lakon
from tests.walk import act_as


def versi_terbit(session: Session) -> VersiLayanan:
    """Return the published version of SKTM."""
    query = select(VersiLayanan).join(Layanan).where(Layanan.kode == "SKTM")
    return session.scalars(query.where(VersiLayanan.status == StatusVersi.TERBIT)).one()


def archive_version(lakon: Lakon, langkah: dict[str, Any]) -> Any:
    """Leave the layanan without a published version."""
    with unscoped(lakon.session, REASON):
        versi_terbit(lakon.session).status = StatusVersi.ARSIP
        lakon.session.flush()


def publish_second(lakon: Lakon, langkah: dict[str, Any]) -> Any:
    """Publish another version beside the published one, as a second admin would."""

    def work() -> None:
        with unscoped(lakon.session, REASON):
            old = versi_terbit(lakon.session)
            facts = {
                c.key: getattr(old, c.key)
                for c in VersiLayanan.__mapper__.column_attrs
                if c.key not in ("id", "nomor", "revisi", "created_at")
            }
            lakon.session.add(VersiLayanan(**facts, nomor=old.nomor + 1))
            lakon.session.flush()

    return lakon.attempt(work)


def tamper(lakon: Lakon, langkah: dict[str, Any]) -> Any:
    """Change or delete the journal below the application."""
    table = Riwayat.__table__
    rows = table.c.berkas_id == lakon.berkas["a"]
    change = table.update().where(rows).values(nama="orang lain")
    statement = change if langkah["tindakan"] == "ubah_riwayat" else table.delete().where(rows)
    return lakon.attempt(lambda: lakon.session.connection().execute(statement) and None)


def tear(lakon: Lakon, langkah: dict[str, Any]) -> Any:
    """Change the journal as somebody with the password of the database could."""
    connection = lakon.session.connection()
    run_triggers(connection, "drop_statements")
    table = Riwayat.__table__
    rows = table.c.berkas_id == lakon.berkas["a"]
    connection.execute(table.update().where(rows).values(nama="orang lain"))
    run_triggers(connection, "trigger_statements")
    lakon.session.expunge_all()


def approve_as_one_of_many(lakon: Lakon, langkah: dict[str, Any]) -> Any:
    """Approve from the list, where several berkas are ticked at once."""
    nama = langkah["berkas"]
    pelaku = act_as(lakon.session, langkah["siapa"], lakon.now)
    facts = {"ke": lakon.keadaan(nama).ke, "kunci": uuid4().hex}
    return lakon.attempt(
        lambda: massal.setujui(
            lakon.session, pelaku, lakon.now, berkas_id=lakon.berkas[nama], **facts
        )
    )


def freeze(lakon: Lakon, langkah: dict[str, Any]) -> Any:
    """Set the flag that a failed replay sets."""
    with unscoped(lakon.session, REASON):
        lakon.row().beku = True
        lakon.session.flush()


def deactivate(lakon: Lakon, langkah: dict[str, Any]) -> Any:
    """Close an account; from then on it is nobody."""
    with unscoped(lakon.session, REASON):
        query = select(Pengguna).where(Pengguna.username == langkah["siapa"])
        account = lakon.session.scalars(query).one()
        account.active = False
        lakon.session.flush()
    assert load_pelaku(lakon.session, account.id, lakon.now) is None


ACTS = {
    "ajukan": lambda lakon, s: lakon.file(s["berkas"], s["siapa"], s.get("kunci")),
    "baca": lambda lakon, s: lakon.open_page(s["siapa"], s["berkas"]),
    "arsipkan_versi": archive_version,
    "terbitkan_versi_kedua": publish_second,
    "ubah_riwayat": tamper,
    "hapus_riwayat": tamper,
    "sobek_riwayat": tear,
    "setujui_massal": approve_as_one_of_many,
    "bekukan": freeze,
    "nonaktifkan": deactivate,
}


def take(lakon: Lakon, langkah: dict[str, Any]) -> Any:
    """Take the act of a step; return what came of it."""
    if langkah["tindakan"] in ACTS:
        return ACTS[langkah["tindakan"]](lakon, langkah)
    facts = {"catatan": langkah.get("catatan", "catatan")}
    if langkah["siapa"] != "sistem":
        facts["alasan"] = "tidak_lengkap"
    if "kunci" in langkah:
        facts["kunci"] = langkah["kunci"]
    if "halaman" in langkah:
        facts["ke"] = langkah["halaman"]
    return lakon.act(langkah["siapa"], langkah["tindakan"], langkah["berkas"], **facts)


def judge(langkah: dict[str, Any], outcome: Any, where: str) -> None:
    """Hold the outcome of an act against what the case says."""
    is_error = isinstance(outcome, (BangkitError, DatabaseError))
    code = getattr(outcome, "code", None) if isinstance(outcome, BangkitError) else "basis_data"
    assert (code if is_error else None) == langkah.get("ditolak"), (where, outcome)
    if "pesan" in langkah:
        assert langkah["pesan"] in str(outcome), (where, str(outcome))
    if langkah.get("tanpa_akibat"):
        assert outcome is None, (where, outcome)


def look(lakon: Lakon, langkah: dict[str, Any], where: str) -> None:
    """Hold what is to be seen after a step against the database."""
    nama = langkah["berkas"]
    seen = {
        "status": lambda _: str(lakon.row(nama).status),
        "riwayat": lambda _: lakon.count(Riwayat, nama),
        "kabar_menunggu": lambda _: waiting(lakon, nama),
        "antrean": lambda wanted: {siapa: lakon.queue_of(siapa) for siapa in wanted},
        "nama_pelaku": lambda wanted: wanted if newest_name(lakon, nama, wanted) else None,
        "isi_bersih": lambda _: is_clean(lakon, nama),
        "temuan": lambda wanted: [
            words
            for words, found in zip(wanted, findings(lakon), strict=True)
            if words in found.pesan and found.berkas_id == lakon.berkas[nama]
        ],
    }
    for word in seen.keys() & langkah.keys():
        assert seen[word](langkah[word]) == langkah[word], (where, word)
    if nama in lakon.berkas and langkah.get("tindakan") != "bekukan":
        lakon.check(nama)


def waiting(lakon: Lakon, nama: str) -> int:
    """Count the notices of a berkas that nobody has sent yet."""
    with unscoped(lakon.session, REASON):
        query = select(KotakKeluar).where(KotakKeluar.berkas_id == lakon.berkas[nama])
        rows = lakon.session.scalars(query).all()
    assert all(row.waktu_terkirim is None for row in rows)
    return len(rows)


def findings(lakon: Lakon) -> list[Temuan]:
    """Return what the nightly check finds."""
    with TemporaryDirectory() as folder:
        return list(periksa(lakon.session, open_store(folder), lakon.now))


def newest_name(lakon: Lakon, nama: str, username: str) -> bool:
    """Whether the newest journal row bears the name of this account."""
    with unscoped(lakon.session, REASON):
        query = select(Riwayat).where(Riwayat.berkas_id == lakon.berkas[nama])
        row = lakon.session.scalars(query.order_by(Riwayat.nomor.desc())).first()
        account = lakon.session.scalars(select(Pengguna).where(Pengguna.username == username)).one()
    return row.nama == f"{account.first_name} {account.last_name}".strip()


def is_clean(lakon: Lakon, nama: str) -> bool:
    """Whether the stored payloads are free of the facts of the pemohon and of remarks."""
    with unscoped(lakon.session, REASON):
        rows = lakon.session.scalars(
            select(Riwayat).where(Riwayat.berkas_id == lakon.berkas[nama])
        ).all()
        berkas = lakon.row(nama)
        private = [berkas.nama_pemohon, berkas.data_pemohon["nik"], "Siti", "Beasiswa"]
        text = json.dumps([row.isi for row in rows])
    return not any(word in text for word in private)


@pytest.mark.parametrize("kasus", [*load_kasus("layanan")], ids=str)
def test_worked_case_goes_as_written_through_the_services(kasus: Kasus, session: Session) -> None:
    lakon = Lakon(session)
    assert kasus.isi["langkah"]
    for nomor, raw in enumerate(kasus.isi["langkah"], 1):
        langkah = {"berkas": "a", **raw}
        where = f"{kasus}, langkah {nomor}: {raw}"
        if "lewat" in langkah:
            jumlah, satuan = langkah["lewat"].split()
            lakon.pass_time(timedelta(**{SATUAN[satuan]: int(jumlah)}))
        if "tindakan" in langkah:
            judge(langkah, take(lakon, langkah), where)
        look(lakon, langkah, where)
    session.rollback()
