"""The first admin of an installation is appointed from the server."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.walk import act_as


def appoint(app: Flask, *args: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["bangkit", "admin", *args])
    return result.exit_code, result.output


def test_the_appointed_admin_may_appoint_others(app: Flask, session: Session) -> None:
    code, told = appoint(app, "bu.admin", "--nama", "Bu Admin Baru", "--sandi", "rahasia-panjang")
    assert (code, told) == (0, "bu.admin: Administrator Kecamatan Kademangan.\n")
    pelaku = act_as(session, "bu.admin", datetime.now(UTC) + timedelta(seconds=5))
    assert pelaku.may("Pengguna", "add")
    assert pelaku.may("Penugasan", "add")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--sandi", "pendek"), "paling sedikit 8"),
        (("--sandi", "rahasia-panjang", "--kode-wilayah", "99.99.99"), "belum ada"),
    ],
)
def test_what_cannot_be_is_told(app: Flask, args: tuple[str, ...], told: str) -> None:
    code, output = appoint(app, "pak.admin", "--nama", "Pak Admin", *args)
    assert code == 1
    assert told in output


def test_a_name_that_is_taken_is_told(app: Flask) -> None:
    code, output = appoint(app, "camat", "--nama", "Pak Camat", "--sandi", "rahasia-panjang")
    assert code == 1
    assert "sudah dipakai" in output
