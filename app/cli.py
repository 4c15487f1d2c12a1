"""Commands of the portal: `flask --app run bangkit …`; each calls one function and commits."""

from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade
from sqlalchemy.exc import IntegrityError

from app.errors import BangkitError, DataTidakValidError
from app.extensions import db
from app.generator.access import grants, sync_roles
from app.generator.languages import add_language
from app.generator.texts import write_stubs
from app.models.engine import writing
from app.models.policy import unscoped
from app.services import benih
from app.services.admin import appoint_admin
from app.services.benih_akun import SANDI_CONTOH
from app.services.pengajuan import load_terbit
from app.services.pengaturan_simulasi import Pengaturan, read_pengaturan, read_petugas
from app.services.rencana_simulasi import load_rencana
from app.services.simulasi import simulate
from app.services.ulang_konsep import find_konsep, ulang
from config import PRODUKSI, PROJECT

bangkit = AppGroup("bangkit", help="Perintah BPJS Bangkit.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(bangkit)


@bangkit.command("siapkan")
def prepare() -> None:
    """Bawa basis data ke versi ini: tabel, lalu hak tiap peran. Aman diulang."""
    upgrade()
    with writing():
        changed = sync_roles(
            current_app.appbuilder.sm,  # type: ignore[attr-defined]
            grants(current_app.extensions["specs"].values()),
        )
        db.session.commit()
    click.echo(f"Basis data siap. Hak yang disesuaikan: {changed}.")


@bangkit.command("seed")
@click.option(
    "--data-contoh/--tanpa-data-contoh",
    default=None,
    help="Warga dan akun fiktif. Bawaan: diisi, kecuali dalam produksi.",
)
def seed(data_contoh: bool | None) -> None:
    """Isi data acuan dan data contoh. Aman diulang; yang sudah ada tidak diubah."""
    if data_contoh is None:
        data_contoh = current_app.config["BANGKIT_LINGKUNGAN"] != PRODUKSI
    for bagian in benih.ACUAN + (benih.CONTOH if data_contoh else ()):
        with writing():
            added = benih.seed(db.session, bagian)
            db.session.commit()
        click.echo(f"{bagian.nama}: {added} ditambahkan.")
    if data_contoh:
        _print_akun()
    else:
        click.echo("Data contoh tidak diisi. Bila memang perlu, pakai --data-contoh.")


def _print_akun() -> None:
    """Print who can sign in to the demo, and the password they began with."""
    rows = benih.list_akun(db.session)
    width = max((len(username) for username, _ in rows), default=0)
    click.echo(f"\nAkun contoh (orang dan datanya fiktif), kata sandi awal: {SANDI_CONTOH}")
    for username, jabatan in rows:
        click.echo(f"  {username:<{width}}  {jabatan}")
    click.echo("Ketua RT dan RW lain memakai pola yang sama, misalnya rt003rw001.triwunglor.")


@bangkit.command("admin")
@click.argument("nama_pengguna")
@click.option("--nama", prompt="Nama lengkap", help="Nama orangnya.")
@click.option("--kode-wilayah", default="35.74.01", show_default=True, help="Kode kecamatan.")
@click.password_option("--sandi", prompt="Kata sandi", help="Ditanyakan bila tidak diberi.")
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


@bangkit.command("bahasa")
@click.argument("kode")
def language(kode: str) -> None:
    """Mulai katalog bahasa baru, misalnya jv; teksnya diterjemahkan di berkas yang disebut."""
    try:
        files = add_language(PROJECT, kode, current_app.extensions["specs"].values())
    except DataTidakValidError as error:
        raise click.ClickException(" ".join(error.fields.values())) from error
    for path in files:
        click.echo(f"Terjemahkan {path.relative_to(PROJECT)}")
    click.echo("Sesudahnya: make setup. Bahasa itu lalu muncul di menu akun.")


@bangkit.command("simulasi")
@click.argument("kode")
@click.option("--per-jam", default=4.0, show_default=True, help="Berkas yang masuk tiap jam.")
@click.option("--hari", default=20, show_default=True, help="Hari layanan.")
@click.option("--benih", default=1, show_default=True, help="Angka sama, hasil sama.")
@click.option("--petugas", multiple=True, help="PERAN=JUMLAH di tiap meja; boleh berulang.")
@click.option("--ulang-konsep", is_flag=True, help="Ulang 90 hari terakhir menurut konsep.")
def simulation(
    kode: str, per_jam: float, hari: int, benih: int, petugas: tuple[str, ...], ulang_konsep: bool
) -> None:
    """Simulasikan satu layanan: bagian yang selesai dalam SOP, dan tahap yang menahan."""
    typed = {"per_jam": str(per_jam), "hari": str(hari), "benih": str(benih)}
    try:
        with unscoped(db.session(), "perintah simulasi membaca seluruh portal"):
            if ulang_konsep:
                lines = _replay_lines(kode)
            else:
                seats = dict(pair.partition("=")[::2] for pair in petugas)
                lines = _simulation_lines(kode, read_pengaturan(typed), seats)
    except BangkitError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(lines))


def _simulation_lines(kode: str, pengaturan: Pengaturan, seats: dict[str, str]) -> list[str]:
    session = db.session()
    versi = load_terbit(session, kode)
    petugas = read_petugas(seats, {step.peran.kode for step in versi.tahapan})
    sla = versi.sla_total_menit
    hasil = simulate(load_rencana(session, None, versi, datetime.now(UTC), petugas), pengaturan)
    lines = [
        f"Berkas masuk {hasil.masuk}, selesai {hasil.selesai}, tertahan {hasil.tertahan}.",
        f"Selesai dalam {sla} menit layanan: {_one(100 * hasil.dalam_sla)}%.",
        f"Median {_one(hasil.median)} menit, 9 dari 10 dalam {_one(hasil.p90)} menit.",
        f"Tahap yang menahan: {hasil.penahan or 'tidak ada'}.",
    ]
    return lines + [
        f"  {t.kode:<24} menunggu {_one(t.tunggu_rata):>7} menit, beban {_one(100 * t.beban):>6}%"
        for t in hasil.tahapan
    ]


def _replay_lines(kode: str) -> list[str]:
    session = db.session()
    konsep = find_konsep(session, kode)
    hasil = ulang(session, konsep, datetime.now(UTC))
    saved = "menghemat" if hasil.hemat >= 0 else "menambah"
    return [
        f"{konsep.sebutan}: {hasil.berkas} berkas selesai dalam 90 hari diulang.",
        f"Akan {saved} {_one(abs(hasil.hemat))} menit (median).",
        *(f"  muncul: {p.nama} ({p.berkas} berkas)" for p in hasil.muncul),
        *(f"  hilang: {p.nama} ({p.berkas} berkas)" for p in hasil.hilang),
    ]


def _one(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


@bangkit.command("sesuaikan")
def adapt() -> None:
    """Tulis kerangka teks yang masih harus dilengkapi: istilah, terjemahan, hak akses."""
    for line in write_stubs(PROJECT, current_app.extensions["specs"].values()):
        click.echo(line)
