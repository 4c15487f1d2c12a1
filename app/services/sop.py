"""The SOP of a layanan, told from its definition: what is printed cannot drift from what runs."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import TidakDitemukanError
from app.models.peran import Peran
from app.models.seksi import Seksi
from app.models.tahapan import AksiTahapan, JikaKosong, Tahapan
from app.models.validation import INTEGER_LIMIT
from app.models.versi_layanan import VersiLayanan
from app.routing import DERAJAT_TINGKAT, parse_syarat
from app.services.kata_syarat import Kolom, join_words, kata_kolom, kata_syarat, labels_of
from app.teks import N_, Kalimat

KATA_KOSONG = {
    JikaKosong.NAIK: N_("Naik ke atasan terdekat yang ada pejabatnya"),
    JikaKosong.TUNGGU: N_("Menunggu sampai ada pejabatnya"),
    JikaKosong.LEWATI: N_("Dilewati"),
}


@dataclass(frozen=True)
class BarisSop:
    """One step: who, which act, in how many minutes, when, and what if nobody is there.

    ``tinggi`` counts the levels above the lowest step, for the drawing.
    """

    urutan: int
    nama: str
    petugas: str
    seksi: str
    aksi: Kalimat
    menit: int
    bila: Kalimat
    kosong: Kalimat
    catatan: tuple[Kalimat, ...]
    bersyarat: bool
    tinggi: int


@dataclass(frozen=True)
class Sop:
    """The SOP of one version; ``pengaju`` are the names of the peran that may file."""

    versi: VersiLayanan
    pengaju: tuple[str, ...]
    baris: tuple[BarisSop, ...]

    @property
    def menit(self) -> int:
        """The minutes of all steps, conditional ones too."""
        return sum(satu.menit for satu in self.baris)


def load_versi(session: Session, versi_id: int) -> VersiLayanan:
    """Return a version of any status.

    Raises:
        TidakDitemukanError: there is none.
    """
    versi = session.get(VersiLayanan, versi_id) if versi_id <= INTEGER_LIMIT else None
    if versi is None:
        raise TidakDitemukanError
    return versi


def load_sop(session: Session, versi: VersiLayanan) -> Sop:
    """Return the SOP of a version as its rows say now."""
    steps: list[Tahapan] = list(versi.tahapan)
    nama = dict(session.execute(select(Peran.kode, Peran.nama)).all())
    seksi = dict(session.execute(select(Seksi.kode, Seksi.nama).order_by(Seksi.id.desc())).all())
    labels = labels_of(versi.isian)
    levels = sorted({DERAJAT_TINGKAT[str(step.peran.tingkat)] for step in steps})
    default = (steps[0].peran.kode, "petugas_kelurahan") if steps else ()
    return Sop(
        versi,
        tuple(dict.fromkeys(nama.get(kode, kode) for kode in versi.pengaju or default)),
        tuple(
            BarisSop(
                urutan=step.urutan,
                nama=step.nama,
                petugas=step.peran.nama,
                seksi=seksi.get(step.seksi_kode or "", step.seksi_kode or ""),
                aksi=Kalimat(AksiTahapan(step.aksi).label),
                menit=step.sla_menit,
                bila=_when(step, labels),
                kosong=Kalimat(KATA_KOSONG[JikaKosong(step.jika_kosong)]),
                catatan=_notes(step, labels),
                bersyarat=bool(step.syarat) or step.boleh_dilewati,
                tinggi=levels.index(DERAJAT_TINGKAT[str(step.peran.tingkat)]),
            )
            for step in steps
        ),
    )


def _when(step: Tahapan, labels: Kolom) -> Kalimat:
    if step.syarat:
        syarat = kata_syarat(parse_syarat(step.syarat), labels)
        return Kalimat(N_("Bila %(syarat)s"), {"syarat": syarat})
    if step.boleh_dilewati:
        return Kalimat(N_("Tidak diwajibkan bila diajukan di tingkat atasnya"))
    return Kalimat(N_("Selalu"))


def _notes(step: Tahapan, labels: Kolom) -> tuple[Kalimat, ...]:
    """Return what else binds the step: its number, who may act, the columns it vouches for."""
    said = [
        (step.memberi_nomor, N_("Memberi nomor surat")),
        (step.beda_orang, N_("Orang lain dari tahap sebelumnya")),
        (not step.boleh_pelaksana, N_("Hanya pejabat definitif")),
    ]
    notes = [Kalimat(text) for holds, text in said if holds]
    if step.kolom_dijamin:
        kolom = join_words([kata_kolom(kolom, labels) for kolom in step.kolom_dijamin])
        notes.append(Kalimat(N_("Menjamin kebenaran %(kolom)s"), {"kolom": kolom}))
    if step.sop:
        notes.append(Kalimat("%(petunjuk)s", {"petunjuk": step.sop}))
    return tuple(notes)
