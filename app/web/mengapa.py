"""What the berkas page says of its way: "Mengapa di sini?" on each hop, and when it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_date, gettext
from sqlalchemy.orm import Session

from app.generator.fields import WIB, show_date
from app.services.antrean import Halaman
from app.services.mengapa import load_mengapa
from app.teks import N_, Kalimat

Baris = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Keterangan:
    """``jejak`` goes by riwayat.nomor, ``tahapan`` by kode; ``fakta`` joins the facts above."""

    jejak: Mapping[int, Baris]
    tahapan: Mapping[str, Baris]
    fakta: Baris


def explain(session: Session, halaman: Halaman, moment: datetime) -> Keterangan:
    """Return what the page of a berkas says about its way.

    An entry of the riwayat tells why the berkas lay at the desk that acted, then what the act
    skipped or moved; where the berkas went next is told there.
    """
    found = load_mengapa(session, halaman, moment)
    names = {step.kode: step.nama for step, _ in halaman.tahapan}
    jejak: dict[int, Baris] = {}
    tahapan: dict[str, Baris] = {}
    by_ke: dict[int, str] = {}
    for row in halaman.riwayat:
        own = by_ke.get(row.kunjungan_ke or 0)
        lines = [{"tahapan": "", "alasan": own}] if own else []
        for lompat in found.jejak[row.nomor]:
            # The newest hop of a step is the one that counts.
            by_ke[lompat.ke] = said = _said(lompat.alasan)
            tahapan[lompat.tahapan] = [{"tahapan": "", "alasan": said}]
            if not lompat.datang:
                lines.append({"tahapan": f"{names.get(lompat.tahapan)}:", "alasan": said})
        jejak[row.nomor] = lines
    return Keterangan(jejak, tahapan, _estimate(found.selesai))


def _said(alasan: Sequence[Kalimat]) -> str:
    return " ".join(kalimat.say(gettext) for kalimat in alasan)


def _estimate(selesai: datetime | None) -> Baris:
    if selesai is None:
        return ()
    return ({"label": gettext(N_("Perkiraan selesai")), "value": say_moment(selesai)},)


def say_moment(moment: datetime) -> str:
    """Return "Senin 23-11-2026 pukul 10.40 WIB"."""
    local = moment.astimezone(WIB)
    return str(
        gettext(N_("%(hari)s %(tanggal)s pukul %(jam)s WIB"))
        % {
            "hari": format_date(local, "EEEE"),
            "tanggal": show_date(local.date()),
            "jam": f"{local:%H.%M}",
        }
    )
