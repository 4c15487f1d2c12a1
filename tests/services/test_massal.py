"""Several berkas at once: each for itself, partly refused as a matter of course, never signed."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import (
    BangkitError,
    DataBerubahError,
    TidakBerwenangError,
    TidakDitemukanError,
)
from app.models.policy import unscoped
from app.models.tahapan import AksiTahapan, Tahapan
from app.services.antrean import list_antrean
from app.services.berkas import available
from app.services.massal import setujui
from tests.services.orang import decide
from tests.walk import RANTAI, SENIN, act_as, file_sktm, walk

PETUGAS = "petugas.pilang"


def ke_of(session: Session, username: str, berkas_id: int) -> int:
    return available(session, act_as(session, username), SENIN, berkas_id).ke


def approve(session: Session, username: str, berkas_id: int, ke: int, kunci: str = "") -> str:
    """Approve as one of many; commit; return what happened in one word."""
    pelaku = act_as(session, username)
    try:
        row = setujui(
            session, pelaku, SENIN, berkas_id=berkas_id, ke=ke, kunci=kunci or uuid4().hex
        )
        session.commit()
    except BangkitError as error:
        session.rollback()
        return type(error).__name__
    return str(row.jenis)


def test_a_refusal_takes_nothing_from_the_others(session: Session) -> None:
    ids = [file_sktm(session) for _ in range(3)]
    for berkas_id in ids:
        walk(session, berkas_id, 0, 2)
    chosen = [(berkas_id, ke_of(session, PETUGAS, berkas_id)) for berkas_id in ids]
    decide(session, PETUGAS, ids[1])  # meanwhile, on another screen
    results = [approve(session, PETUGAS, berkas_id, ke) for berkas_id, ke in chosen]
    assert results == ["teruskan", DataBerubahError.__name__, "teruskan"]
    kasi = act_as(session, "kasi.kesos.pilang")
    assert set(ids) <= {row.berkas_id for row in list_antrean(session, kasi, SENIN)}


def test_the_same_key_again_gives_the_same_line(session: Session) -> None:
    berkas_id = file_sktm(session)
    ke = ke_of(session, RANTAI[0][0], berkas_id)
    first = approve(session, RANTAI[0][0], berkas_id, ke, "sekali-saja")
    again = approve(session, RANTAI[0][0], berkas_id, ke, "sekali-saja")
    assert (first, again) == ("setujui", "setujui")
    assert ke_of(session, RANTAI[1][0], berkas_id) == ke + 1


def test_a_signature_is_refused_even_when_it_is_posted(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 4)
    pelaku = act_as(session, "lurah.pilang")
    (row,) = [r for r in list_antrean(session, pelaku, SENIN) if r.berkas_id == berkas_id]
    assert not row.massal
    ke = available(session, pelaku, SENIN, berkas_id).ke
    with pytest.raises(TidakBerwenangError, match="satu per satu"):
        setujui(session, pelaku, SENIN, berkas_id=berkas_id, ke=ke, kunci=uuid4().hex)


def test_no_definition_of_the_seed_lets_a_signature_be_one_of_many(session: Session) -> None:
    found = set(session.execute(select(Tahapan.aksi, Tahapan.boleh_massal)).all())
    assert (AksiTahapan.TANDA_TANGANI, True) not in found
    assert (AksiTahapan.SERAHKAN, True) not in found
    assert {(AksiTahapan.PARAF, True), (AksiTahapan.TERUSKAN, True)} <= found
    with unscoped(session, "uji membaca penomor"):
        numbering = session.scalars(select(Tahapan.boleh_massal).where(Tahapan.memberi_nomor)).all()
    assert not any(numbering)


def test_whoever_is_not_at_the_desk_or_in_the_area_is_refused(session: Session) -> None:
    berkas_id = file_sktm(session)
    ke = ke_of(session, RANTAI[0][0], berkas_id)
    assert approve(session, "rw002.pilang", berkas_id, ke) == TidakBerwenangError.__name__
    assert approve(session, "petugas.ketapang", berkas_id, ke) == TidakDitemukanError.__name__
    assert approve(session, "rw002.pilang", berkas_id, ke + 7) == TidakBerwenangError.__name__
