"""What the pages say of time: the clocks of a berkas, minutes of its steps, what the system did."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext

from app.generator.fields import show_date, show_moment, show_number
from app.models.eskalasi import TindakanEskalasi
from app.models.kunjungan import TERBUKA, Kunjungan
from app.models.riwayat import Riwayat
from app.routing import Menit
from app.services.antrean import Halaman, minutes_left
from app.services.waktu import TENGGAT_HUKUM_HARI, Waktu
from app.teks import N_

HARI_MENIT = 24 * 60


def say_minutes(minutes: float, *, is_service: bool = False) -> str:
    """Return a span as people say it: 5 menit, 2 jam 5 menit, 3 hari 4 jam; never negative.

    Service time has no days of 24 hours, so it stays in hours.
    """
    whole = abs(round(minutes))
    days, rest = divmod(whole, HARI_MENIT) if not is_service else (0, whole)
    hours, left = divmod(rest, 60)
    if days:
        text = N_("%(hari)s hari %(jam)s jam") if hours else N_("%(n)s hari")
    elif hours:
        text = N_("%(jam)s jam %(menit)s menit") if left else N_("%(jam)s jam")
    else:
        text = N_("%(n)s menit")
    return str(gettext(text) % {"n": days or left, "hari": days, "jam": hours, "menit": left})


def time_left(halaman: Halaman, waktu: Waktu, now: datetime) -> tuple[int | None, bool]:
    """Return the service minutes left of the open step, and whether it is past its due time."""
    visit = halaman.kunjungan[-1][0] if halaman.kunjungan else None
    if visit is None or visit.status not in TERBUKA or visit.wilayah_id is None:
        return None, False
    left = minutes_left(visit, waktu.kalender.get(visit.wilayah_id), now)
    return left, visit.batas_waktu is not None and visit.batas_waktu < now


def clock_facts(halaman: Halaman, waktu: Waktu) -> list[dict[str, str]]:
    """Return the three clocks as label and value (ROUTING §2), and when the open step is due."""
    berkas = halaman.berkas
    is_open = bool(halaman.kunjungan) and halaman.kunjungan[-1][0].status in TERBUKA
    due = show_moment(berkas.batas_waktu) if berkas.batas_waktu else gettext(TANPA_TENGGAT)
    facts = {N_("Janji layanan"): against_sop(waktu.janji_menit, waktu.janji_total_menit)}
    if is_open:
        facts[N_("Batas tahap ini")] = due
    if waktu.warga is not None:
        facts[N_("Sejak diajukan")] = say_minutes(waktu.warga.total_seconds() / 60)
    if waktu.hari_kerja is not None and berkas.tenggat_hukum is not None:
        left = TENGGAT_HUKUM_HARI - waktu.hari_kerja
        text = N_("%(tanggal)s (tinggal %(hari)s hari kerja)")
        if left <= 0:
            text = N_("%(tanggal)s (sudah lewat)") if left else N_("%(tanggal)s (hari terakhir)")
        facts[N_("Tenggat hukum")] = gettext(text) % {
            "tanggal": show_date(berkas.tenggat_hukum),
            "hari": left,
        }
    return [{"label": gettext(label), "value": value} for label, value in facts.items()]


TANPA_TENGGAT = N_("Tanpa tenggat: jam layanan unit ini kosong")
"""The alarm of a calendar that never opens (ROUTING §3 case 42)."""


def visit_text(visit: Kunjungan | None, waktu: Waktu, sla: Mapping[int, int]) -> str:
    """Return the service minutes a closed visit took, against the SOP of its step."""
    if visit is None or visit.waktu_ditutup is None or visit.ke not in waktu.menit:
        return ""
    minutes = waktu.menit[visit.ke].layanan
    if visit.tahapan_id not in sla:  # a step of the version the berkas was moved from
        return say_minutes(minutes, is_service=True)
    return against_sop(minutes, sla[visit.tahapan_id])


def against_sop(minutes: float, sop: int) -> str:
    """Return minutes beside those of the SOP, and say so when they are more."""
    text = N_("%(pakai)s dari %(total)s menit")
    if round(minutes) > sop:
        text = N_("%(pakai)s dari %(total)s menit, melewati SOP")
    return str(gettext(text) % {"pakai": show_number(round(minutes)), "total": show_number(sop)})


def step_texts(halaman: Halaman, waktu: Waktu) -> dict[int, str]:
    """Return by id of a step what its visits took together: against the SOP, and of what kind."""
    spent: dict[int, Menit] = defaultdict(Menit)
    for visit, _ in halaman.kunjungan:
        if visit.ke in waktu.menit:
            spent[visit.tahapan_id] += waktu.menit[visit.ke]
    sla = {step.id: step.sla_menit for step, _ in halaman.tahapan}
    return {
        id_: " · ".join([against_sop(m.layanan, sla[id_]), *_kinds(m)])
        for id_, m in spent.items()
        if id_ in sla
    }


def _kinds(spent: Menit) -> list[str]:
    """Return how the minutes divide, leaving out kinds with none; [] where all was waiting."""
    if round(spent.tunggu) == round(spent.layanan + spent.tutup):
        return []
    kinds = (
        (N_("menunggu %(lama)s"), spent.tunggu, True),
        (N_("dikerjakan %(lama)s"), spent.kerja, True),
        (N_("diulang %(lama)s"), spent.ulang, True),
        (N_("tutup %(lama)s"), spent.tutup, False),
    )
    return [
        gettext(text) % {"lama": say_minutes(minutes, is_service=is_service)}
        for text, minutes, is_service in kinds
        if round(minutes) > 0
    ]


def system_note(row: Riwayat) -> str:
    """Return in words what an act of the sweep recorded; "" for the acts of people."""
    facts = (row.isi or {}).get("rincian") or {}
    if "pengingat_hari" in facts:
        text = N_("Pengingat hari ke-%(hari)s: perbaikan belum diajukan.")
        return str(gettext(text) % {"hari": facts["pengingat_hari"]})
    if "eskalasi_id" in facts:
        act = gettext(TindakanEskalasi(facts["tindakan"]).label)
        text = N_("%(persen)s%% waktu tahap ini terpakai: %(tindakan)s.")
        return str(gettext(text) % {"persen": facts["persen"], "tindakan": act})
    if "atasan" in facts:
        return str(gettext(N_("Tenggat hukum mendekat.")))
    if "batas_waktu" in facts and facts["batas_waktu"]:
        due = show_moment(datetime.fromisoformat(facts["batas_waktu"]))
        return str(gettext(N_("Batas waktu menjadi %(waktu)s.")) % {"waktu": due})
    return gettext(TANPA_TENGGAT) if "batas_waktu" in facts else ""
