"""Commands of definition files: checked, taken in as konsep, given out."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.errors import BangkitError, DataTidakValidError
from app.extensions import db
from app.models.engine import writing
from app.services.cek_layanan import Laporan, cek
from app.services.impor_layanan import ekspor, impor_dari_server, read_berkas

layanan = AppGroup(
    "layanan",
    help="Definisi layanan sebagai berkas YAML: cek BERKAS, impor BERKAS [--coba], ekspor KODE.",
)


BERKAS = click.argument(
    "berkas", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)


def _read(berkas: Path) -> str:
    """Return the text of a file, of the standard input for "-"."""
    with click.open_file(str(berkas), encoding="utf-8", errors="replace") as file:
        return str(file.read())


@layanan.command("cek")
@BERKAS
def check_definitions(berkas: Path) -> None:
    """Periksa berkas terhadap portal ini, dengan simulasi; tidak ada yang disimpan."""
    found = cek(db.session(), datetime.now(UTC), _read(berkas))
    for mistake in found.kesalahan:
        click.echo(f"{berkas}:{mistake.baris}: {mistake}")
    for laporan in found.laporan:
        _print_laporan(berkas, laporan)
    if not found.is_baik:
        raise click.ClickException("Berkas ini belum dapat diterbitkan.")


def _print_laporan(berkas: Path, laporan: Laporan) -> None:
    for masalah in laporan.hasil.masalah:
        where = f"{berkas}:{laporan.line_of(masalah)}"
        click.echo(f"{where}: {masalah.berat}: {masalah.baris or laporan.kode}: {masalah}")
    jelajah = laporan.hasil.jelajah
    if jelajah is not None:
        click.echo(
            f"{laporan.kode}: {jelajah.jumlah} berkas dicoba, {len(jelajah.macet)} macet, "
            f"{jelajah.naik} naik, {jelajah.menit_min}–{jelajah.menit_maks} menit, "
            f"sidik {laporan.sidik[:12]}."
        )


@layanan.command("impor")
@BERKAS
@click.option("--coba", is_flag=True, help="Sebutkan saja apa yang akan dibuat.")
def import_definitions(berkas: Path, coba: bool) -> None:
    """Jadikan setiap definisi sebuah konsep, untuk diperiksa dan diterbitkan di layar."""
    with writing():
        found = read_berkas(db.session(), _read(berkas))
        for mistake in found.kesalahan:
            click.echo(f"{berkas}:{mistake.baris}: {mistake}")
        if found.kesalahan:
            raise click.ClickException("Tidak ada yang diimpor.")
        try:
            rows = impor_dari_server(db.session(), tuple(t.definisi for t in found.terbaca))
        except BangkitError as error:
            raise click.ClickException(_say(error)) from error
        if coba:
            db.session.rollback()
        else:
            db.session.commit()
    for row in rows:
        click.echo(f"{row.sebutan}: {'sudah sama' if row.is_sama else 'konsep'}.")
    if coba:
        click.echo("Hanya mencoba: tidak ada yang disimpan.")


@layanan.command("ekspor")
@click.argument("kode")
def export_definition(kode: str) -> None:
    """Tulis versi yang terbit sebagai YAML ke layar."""
    try:
        click.echo(ekspor(db.session(), kode), nl=False)
    except BangkitError as error:
        raise click.ClickException(str(error)) from error


def _say(error: BangkitError) -> str:
    """Return an error with the message of each field."""
    fields = error.fields.values() if isinstance(error, DataTidakValidError) else ()
    return " ".join([str(error), *fields])
