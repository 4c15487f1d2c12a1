"""The routing rule: which steps are skipped, and at which desk the next one opens."""

from dataclasses import dataclass, replace

from app.routing.alur import DERAJAT_TINGKAT, Alur, JikaKosong, Tahapan
from app.routing.dunia import Dunia
from app.routing.kandidat import earlier_approvers, eligible, own_desk, rise
from app.routing.keadaan import Keadaan, Meja, Sebab


@dataclass(frozen=True)
class Lewatan:
    """One skipped step and its cause."""

    tahapan: str
    sebab: Sebab


def berikut(
    alur: Alur, keadaan: Keadaan, mulai: int, dunia: Dunia
) -> tuple[tuple[Lewatan, ...], Meja | None]:
    """Walk from the step with urutan ``mulai`` upward (ROUTING §2, The rule in words).

    Returns the skipped steps in order, and the desk where the first due step opens; None when no
    step is left.
    """
    # Approvals from `mulai` on fall when the berkas resumes there; they bar nobody.
    approvers = earlier_approvers(keadaan, mulai)
    lewatan: list[Lewatan] = []
    for tahapan in alur.tahapan[max(mulai, 1) - 1 :]:
        sebab = cause_to_skip(tahapan, keadaan)
        if sebab is None:
            meja = place(alur, keadaan, tahapan, dunia, approvers)
            if meja is not None:
                return tuple(lewatan), meja
            sebab = Sebab.TIDAK_ADA_PEJABAT
        lewatan.append(Lewatan(tahapan.kode, sebab))
    return tuple(lewatan), None


def cause_to_skip(tahapan: Tahapan, keadaan: Keadaan) -> Sebab | None:
    """Return why the step is not due for this berkas, whoever sits there; None when it is due.

    The causes frozen at filing come before the syarat: a correction can end only the latter, so
    the recorded cause stays true until the end (ROUTING §4 I12).
    """
    if tahapan.tingkat not in keadaan.jalur:
        return Sebab.TINGKAT_TIDAK_ADA
    if tahapan.wajib:
        return None
    pengaju = keadaan.pengaju
    if pengaju is not None and tahapan.derajat < DERAJAT_TINGKAT[pengaju.tingkat]:
        if keadaan.surat_pengantar:
            return Sebab.SURAT_PENGANTAR
        if tahapan.boleh_dilewati:
            return Sebab.TIDAK_DIWAJIBKAN
    return None if all(s.holds(keadaan.data) for s in tahapan.syarat) else Sebab.SYARAT


def place(
    alur: Alur, keadaan: Keadaan, tahapan: Tahapan, dunia: Dunia, approvers: frozenset[int]
) -> Meja | None:
    """Return the desk of a due step; None where an empty desk lets the step be skipped."""
    meja = settle(alur, keadaan, tahapan, dunia, approvers)
    may_skip = tahapan.jika_kosong is JikaKosong.LEWATI and not tahapan.wajib
    return None if may_skip and meja.sebab is Sebab.KOSONG else meja


def settle(
    alur: Alur, keadaan: Keadaan, tahapan: Tahapan, dunia: Dunia, approvers: frozenset[int]
) -> Meja:
    """Return the desk of a step that waits for somebody in any case, be it visibly empty."""
    own = own_desk(tahapan, keadaan, dunia)
    if eligible(tahapan, own, dunia, approvers):
        return own
    if tahapan.jika_kosong is JikaKosong.NAIK:
        above = rise(alur, keadaan, tahapan, dunia, approvers)
        if above is not None:
            return above
    return replace(own, sebab=Sebab.KOSONG)
