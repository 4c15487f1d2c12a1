"""How the oracle's books change with an accepted act; the second half of tests/routing/peramal."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.routing import Aksi, Alur, Dunia
from tests.routing.peramal import STEP_ACTS, Peramal

UNDOABLE = ("teruskan", "setujui", "paraf", "kembalikan")


def record(old: Peramal, aksi: Aksi, dunia: Dunia) -> Peramal:
    """Return the books after an accepted act."""
    if aksi.jenis == "urungkan":
        assert old.undo is not None
        return replace(old.undo[0], ke=old.ke + 1, claim=None, undo=None)
    new = _record(old, aksi, dunia)
    undo = None
    if aksi.jenis in UNDOABLE and not old.step.memberi_nomor:
        undo = (old, aksi.pelaku.penugasan_id, dunia.kini)
    return replace(new, undo=undo)


def _record(old: Peramal, aksi: Aksi, dunia: Dunia) -> Peramal:
    if aksi.jenis == "ajukan":
        return _file(old, aksi, dunia)
    if aksi.jenis in STEP_ACTS:
        approvals = {**old.approvals, old.langkah: (aksi.pelaku.pengguna_id, old.data)}
        return _walk(replace(old, approvals=approvals), old.langkah + 1, dunia)
    if aksi.jenis == "migrasi":
        assert aksi.alur_baru is not None
        return _migrate(old, aksi.alur_baru, dunia)
    return replace(old, **_small_change(old, aksi, dunia))


def _small_change(old: Peramal, aksi: Aksi, dunia: Dunia) -> dict[str, Any]:
    if aksi.jenis == "kembalikan":
        return {"fase": "pengaju", "returns": old.returns + 1, "since": dunia.kini}
    if aksi.jenis == "ambil":
        until = dunia.kini + timedelta(minutes=10)
        return {"claim": (aksi.pelaku.penugasan_id, aksi.pelaku.pengguna_id, until)}
    if aksi.jenis == "lepas":
        return {"claim": None}
    if aksi.jenis == "alihkan":
        return {"claim": None, "post": old.settled(old.step, dunia)}
    if aksi.jenis == "eskalasi":
        opens = old.fase == "meja" and bool(aksi.rincian.get("buka_atasan"))
        return {"opened_up": old.opened_up or opens}
    return {} if aksi.jenis == "hitung_ulang" else {"fase": "tutup"}


def _file(old: Peramal, aksi: Aksi, dunia: Dunia) -> Peramal:
    data = old.data if aksi.data is None else aksi.data
    jalur = old.jalur if aksi.jalur is None else aksi.jalur
    new = replace(old, data=data, jalur=jalur)
    if old.fase == "draf":
        filing = (aksi.pelaku.peran, aksi.pelaku.wilayah_id)
        return _walk(replace(new, filing=filing, surat=aksi.surat_pengantar), 1, dunia)
    if dict(jalur) != dict(old.jalur):
        return _walk(new, 1, dunia)
    starts = [old.langkah]
    changed = {k for k in {*data, *old.data} if data.get(k) != old.data.get(k)}
    for step in old.alur.tahapan[: old.langkah]:
        vouched = step.urutan in old.approvals and changed & {*step.kolom_dijamin}
        was_false = old.skipped.get(step.urutan) == "syarat_tidak_terpenuhi"
        if vouched or (was_false and new.cause(step, data) == ""):
            starts.append(step.urutan)
    return _walk(new, min(starts), dunia)


def _walk(old: Peramal, start: int, dunia: Dunia) -> Peramal:
    base = replace(
        old,
        approvals={u: a for u, a in old.approvals.items() if u < start},
        skipped={u: c for u, c in old.skipped.items() if u < start},
        inherited=frozenset(u for u in old.inherited if u < start),
        excused=frozenset(u for u in old.excused if u < start),
        claim=None,
        opened_up=False,
    )
    skipped, ke = dict(base.skipped), base.ke
    for step in base.alur.tahapan[start - 1 :]:
        ke += 1
        cause = base.cause(step, base.data)
        if not cause:
            post = base.settled(step, dunia)
            if post.cause != "kosong" or step.jika_kosong != "lewati" or step.wajib:
                return replace(
                    base, skipped=skipped, ke=ke, fase="meja", langkah=step.urutan, post=post
                )
        skipped[step.urutan] = cause or "tidak_ada_pejabat"
    return replace(base, skipped=skipped, ke=ke, fase="tutup")


def _migrate(old: Peramal, baru: Alur, dunia: Dunia) -> Peramal:
    place = {step.kode: step.urutan for step in baru.tahapan}
    now_at = {s.urutan: place[s.kode] for s in old.alur.tahapan if s.kode in place}
    # What an older definition approved is vouched for from now on, under the new one.
    approvals = {now_at[u]: (who, old.data) for u, (who, _) in old.approvals.items() if u in now_at}
    skipped = {now_at[u]: cause for u, cause in old.skipped.items() if u in now_at}
    langkah = now_at[old.langkah]
    known = frozenset({*approvals, *skipped})
    new = replace(
        old,
        alur=baru,
        langkah=langkah,
        approvals=approvals,
        skipped=skipped,
        inherited=known,
        excused=frozenset(range(1, langkah)) - known,
    )
    if old.fase == "meja":
        new = replace(new, claim=None, post=new.settled(new.step, dunia))
    return new
