"""Appoints the first administrator of a kecamatan, who then appoints everybody else on screen."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import TidakDitemukanError
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.policy import unscoped
from app.models.wilayah import Tingkat, Wilayah
from app.teks import N_


def appoint_admin(
    session: Session, now: datetime, *, username: str, nama: str, sandi: str, kode_wilayah: str
) -> str:
    """Create an account with the peran admin_kecamatan; return its jabatan.

    Raises:
        TidakDitemukanError: no kecamatan has this code, or the peran are not there yet.
        DataTidakValidError: the password is too short or long, or a field is refused.
    """
    with unscoped(session, "admin pertama ditunjuk dari server"):
        wilayah = session.scalars(
            select(Wilayah).where(
                Wilayah.kode == kode_wilayah, Wilayah.tingkat == Tingkat.KECAMATAN
            )
        ).one_or_none()
        peran = session.scalars(select(Peran).where(Peran.kode == "admin_kecamatan")).one_or_none()
        if wilayah is None or peran is None:
            raise TidakDitemukanError(
                N_("Kecamatan atau perannya belum ada: jalankan seed dahulu.")
            )
        depan, _, belakang = nama.strip().rpartition(" ")
        akun = Pengguna(
            username=username,
            first_name=depan or belakang,
            last_name=belakang if depan else "-",
            email=f"{username}@portal.invalid",
            active=True,
            wilayah_id=wilayah.id,
            sandi_baru=sandi,
        )
        session.add(akun)
        session.flush()
        tugas = Penugasan(
            pengguna_id=akun.id, peran_id=peran.id, wilayah_id=wilayah.id, waktu_mulai=now
        )
        session.add(tugas)
        session.flush()
        return tugas.sebutan
