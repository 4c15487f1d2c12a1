"""The command that simulates a layanan, or replays the last 90 days against its konsep."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from app.errors import BangkitError
from app.extensions import db
from app.models.policy import unscoped
from app.services.pengajuan import load_terbit
from app.services.pengaturan_simulasi import Pengaturan, read_pengaturan, read_petugas
from app.services.rencana_simulasi import load_rencana
from app.services.simulasi import simulate
from app.services.ulang_konsep import find_konsep, ulang


@click.command("simulasi")
@click.argument("kode")
@click.option("--per-jam", default=4.0, show_default=True, help="Berkas yang masuk tiap jam.")
@click.option("--hari", default=20, show_default=True, help="Hari layanan.")
@click.option("--benih", default=1, show_default=True, help="Angka sama, hasil sama.")
@click.option("--petugas", multiple=True, help="PERAN=JUMLAH di tiap meja; boleh berulang.")
@click.option("--ulang-konsep", is_flag=True, help="Ulang 90 hari terakhir menurut konsep.")
@with_appcontext
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
