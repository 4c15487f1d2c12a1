from datetime import datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.security import check_password_hash

from app.errors import DataTidakValidError, DiluarWilayahError, TidakBerwenangError
from app.models.pengguna import Pengguna
from app.models.policy import unscoped
from tests.models.contoh import Dunia, act_as, pengguna, save


def test_an_account_is_written_read_and_changed_through_pengguna(
    session: Session, dunia: Dunia
) -> None:
    (id_,) = save(session, pengguna("budi", nip="1", wilayah_id=dunia.unit["pilang"]))
    act_as(session, dunia, ("admin_kecamatan", "kademangan"))
    row = session.query(Pengguna).filter_by(username="budi").one()
    assert type(row) is Pengguna
    assert session.get(Pengguna, id_) is row
    assert (str(row), row.revisi, row.active) == ("Budi Contoh", 1, True)
    assert (row.kelurahan_id, row.rt_id) == (dunia.unit["pilang"], None)
    row.last_name = "Baru"
    session.commit()
    assert (str(row), row.revisi) == ("Budi Baru", 2)


def test_signing_in_does_not_count_as_a_change(session: Session, dunia: Dunia) -> None:
    (id_,) = save(session, pengguna("budi"))
    with unscoped(session, "test", keep=True):
        row = session.get_one(Pengguna, id_)
        row.last_login, row.login_count = datetime(2026, 1, 1), 1  # noqa: DTZ001 - as the host does
        session.commit()
        assert row.revisi == 1


def test_a_stale_change_of_an_account_is_refused(
    engine: Engine, session: Session, dunia: Dunia
) -> None:
    (id_,) = save(session, pengguna("budi"))
    with unscoped(session, "test", keep=True):
        row = session.get_one(Pengguna, id_)
        table = Pengguna.__table__
        session.connection().execute(table.update().values(revisi=5, nip="9"))
        row.nip = "1"
        with pytest.raises(StaleDataError):
            session.flush()


def test_a_password_is_hashed_and_cannot_be_read(session: Session) -> None:
    row = pengguna("budi")
    row.sandi_baru = "rahasia sekali"
    assert check_password_hash(row.password or "", "rahasia sekali")
    assert row.sandi_baru == ""
    before = row.password
    row.sandi_baru = ""
    assert row.password == before


@pytest.mark.parametrize("sandi", ["1234567", "x" * 129])
def test_a_password_of_wrong_length_is_refused(sandi: str) -> None:
    with pytest.raises(DataTidakValidError) as caught:
        pengguna("budi").sandi_baru = sandi
    assert list(caught.value.fields) == ["sandi_baru"]


def test_a_new_account_needs_a_password(session: Session) -> None:
    with pytest.raises(DataTidakValidError) as caught:
        save(session, pengguna("budi", password=None))
    assert caught.value.fields == {"sandi_baru": "Wajib diisi."}


def test_a_username_is_unique(session: Session) -> None:
    save(session, pengguna("budi"))
    with pytest.raises(IntegrityError, match="ab_user.username"):
        save(session, pengguna("budi", email="lain@contoh.invalid"))


def test_only_the_admin_of_the_area_sees_and_changes_accounts(
    session: Session, dunia: Dunia
) -> None:
    (id_,) = save(session, pengguna("budi", wilayah_id=dunia.unit["pilang"]))
    (alien,) = save(session, pengguna("sari"))
    act_as(session, dunia, ("lurah", "pilang"))
    assert session.scalars(select(Pengguna)).all() == []
    act_as(session, dunia, ("admin_kecamatan", "kademangan"))
    assert [row.id for row in session.scalars(select(Pengguna))] == [id_]
    assert session.get(Pengguna, alien) is None
    session.add(pengguna("tono"))
    with pytest.raises(DiluarWilayahError):
        session.flush()
    session.rollback()
    session.delete(session.get_one(Pengguna, id_))
    with pytest.raises(TidakBerwenangError):
        session.flush()
