"""Commands that set the portal up: tables and rights, data, the first admin, texts."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import IntegrityError

from app.errors import BangkitError, DataTidakValidError
from app.extensions import db
from app.generator.access import grants, sync_roles
from app.generator.languages import add_language
from app.generator.texts import write_stubs
from app.models.engine import writing
from app.services import benih
from app.services.admin import appoint_admin
from app.services.benih_akun import SANDI_CONTOH
from config import PRODUKSI, PROJECT


@click.command("siapkan")
@with_appcontext
def prepare() -> None:
    """Bawa basis data ke versi ini: tabel, lalu hak tiap peran. Aman diulang."""
    click.echo(f"Basis data siap. Hak yang disesuaikan: {prepare_database()}.")


def prepare_database() -> int:
    """Bring the tables of the current app to this version, then its rights; return the changes."""
    upgrade()
    with writing():
        changed = sync_roles(
            current_app.appbuilder.sm,  # type: ignore[attr-defined]
            grants(current_app.extensions["specs"].values()),
        )
        db.session.commit()
    return changed


@click.command("seed")
@click.option(
    "--data-contoh/--tanpa-data-contoh",
    default=None,
    help="Warga dan akun fiktif. Bawaan: diisi, kecuali dalam produksi.",
)
@with_appcontext
def seed(data_contoh: bool | None) -> None:
    """Isi data acuan dan data contoh. Aman diulang; yang sudah ada tidak diubah."""
    if data_contoh is None:
        data_contoh = current_app.config["BANGKIT_LINGKUNGAN"] != PRODUKSI
    for nama, added in seed_all(data_contoh):
        click.echo(f"{nama}: {added} ditambahkan.")
    if data_contoh:
        _print_akun()
    else:
        click.echo("Data contoh tidak diisi. Bila memang perlu, pakai --data-contoh.")


def seed_all(data_contoh: bool) -> Iterator[tuple[str, int]]:
    """Fill the database of the current app part by part; yield what each one added."""
    for bagian in benih.ACUAN + (benih.CONTOH if data_contoh else ()):
        with writing():
            added = benih.seed(db.session(), bagian)
            db.session.commit()
        yield bagian.nama, added


def _print_akun() -> None:
    """Print who can sign in to the demo, and the password they began with."""
    rows = benih.list_akun(db.session)
    width = max((len(username) for username, _ in rows), default=0)
    click.echo(f"\nAkun contoh (orang dan datanya fiktif), kata sandi awal: {SANDI_CONTOH}")
    for username, jabatan in rows:
        click.echo(f"  {username:<{width}}  {jabatan}")
    click.echo("Ketua RT dan RW lain memakai pola yang sama, misalnya rt003rw001.triwunglor.")


@click.command("latihan")
@with_appcontext
def sandbox() -> None:
    """Kembalikan mode latihan ke keadaan awal; data portal tidak tersentuh."""
    ruang = current_app.extensions.get("latihan")
    if ruang is None:
        raise click.ClickException("Mode latihan dimatikan oleh BANGKIT_LATIHAN.")
    ruang.reset()
    click.echo("Mode latihan kembali ke keadaan awal.")


@click.command("admin")
@click.argument("nama_pengguna")
@click.option("--nama", prompt="Nama lengkap", help="Nama orangnya.")
@click.option("--kode-wilayah", default="35.74.01", show_default=True, help="Kode kecamatan.")
@click.password_option("--sandi", prompt="Kata sandi", help="Ditanyakan bila tidak diberi.")
@with_appcontext
def admin(nama_pengguna: str, nama: str, kode_wilayah: str, sandi: str) -> None:
    """Tunjuk admin kecamatan pertama; yang lain ditunjuk olehnya di layar."""
    with writing():
        try:
            sebutan = appoint_admin(
                db.session(),
                datetime.now(UTC),
                username=nama_pengguna,
                nama=nama,
                sandi=sandi,
                kode_wilayah=kode_wilayah,
            )
            db.session.commit()
        except BangkitError as error:
            fields = error.fields.values() if isinstance(error, DataTidakValidError) else ()
            raise click.ClickException(" ".join([str(error), *fields])) from error
        except IntegrityError as error:
            raise click.ClickException("Nama pengguna ini sudah dipakai.") from error
    click.echo(f"{nama_pengguna}: {sebutan}.")


@click.command("bahasa")
@click.argument("kode")
@with_appcontext
def language(kode: str) -> None:
    """Mulai katalog bahasa baru, misalnya jv; teksnya diterjemahkan di berkas yang disebut."""
    try:
        files = add_language(PROJECT, kode, current_app.extensions["specs"].values())
    except DataTidakValidError as error:
        raise click.ClickException(" ".join(error.fields.values())) from error
    for path in files:
        click.echo(f"Terjemahkan {path.relative_to(PROJECT)}")
    click.echo("Sesudahnya: make setup. Bahasa itu lalu muncul di menu akun.")


@click.command("sesuaikan")
@with_appcontext
def adapt() -> None:
    """Tulis kerangka teks yang masih harus dilengkapi: istilah, terjemahan, hak akses."""
    for line in write_stubs(PROJECT, current_app.extensions["specs"].values()):
        click.echo(line)
