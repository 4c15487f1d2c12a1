"""Commands that keep the berkas in order: the proof of their journals, and the sweep."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from app.extensions import db
from app.models.engine import read_snapshot, transaction, writing
from app.services import periksa
from app.services.lampiran import open_store
from app.services.sampah import kosongkan_sampah
from app.services.sapu import sapu


@click.command("periksa")
@click.option("--bekukan", is_flag=True, help="Bekukan berkas yang tidak cocok dengan riwayatnya.")
@with_appcontext
def check_berkas(bekukan: bool) -> None:
    """Putar ulang riwayat semua berkas dan cari yang beda atau yatim; keluar 1 bila ada."""
    session = db.session()
    store = open_store(current_app.config["BANGKIT_PENYIMPANAN"])
    read_snapshot(session)
    counts, odd = {"beda": 0, "yatim": 0}, set()
    for temuan in periksa.periksa(session, store, datetime.now(UTC)):
        counts[temuan.jenis] += 1
        click.echo(str(temuan))
        if temuan.jenis == "beda" and temuan.berkas_id is not None:
            odd.add(temuan.berkas_id)
    session.rollback()
    if bekukan and odd:
        with writing():
            for berkas_id in sorted(odd):
                periksa.bekukan(session, berkas_id)
            session.commit()
        click.echo(f"{len(odd)} berkas dibekukan.")
    click.echo(f"{counts['beda']} beda, {counts['yatim']} yatim")
    if any(counts.values()):
        raise SystemExit(1)


@click.command("sapu")
@with_appcontext
def sweep() -> None:
    """Jalankan yang jatuh tempo: klaim, meja kosong, eskalasi, tenggat, kedaluwarsa, Sampah."""
    engine, days = db.engine, current_app.config["BANGKIT_PERBAIKAN_HARI"]
    hasil = sapu(lambda: transaction(engine), datetime.now(UTC), days)
    for jenis, count in sorted(hasil.tindakan.items()):
        click.echo(f"{jenis.value}: {count}")
    click.echo(f"Tindakan: {hasil.tindakan.total()}. Tanpa tenggat: {hasil.tanpa_tenggat} berkas.")
    with transaction(engine) as session:
        days = current_app.config["BANGKIT_SAMPAH_HARI"]
        click.echo(f"Sampah: {kosongkan_sampah(session, datetime.now(UTC), days)} data dibuang.")
    for berkas_id, error in hasil.gagal.items():
        click.echo(f"Berkas {berkas_id} dilewati: {error}.", err=True)
    if hasil.gagal:
        raise click.ClickException(f"{len(hasil.gagal)} berkas belum tersapu; jalankan lagi.")
