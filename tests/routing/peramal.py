"""An oracle that says who may act and where a berkas goes next, without the engine's code.

It reads ROUTING afresh and keeps its own books (step, post, standing approvals), so that a fault
in the engine shows up as a quarrel between the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.routing import Aksi, Alur, Dunia, Pemegang, Tahapan

LADDER = ("rt", "rw", "kelurahan", "kecamatan")
STEP_ACTS = ("teruskan", "setujui", "paraf", "tanda_tangani", "serahkan")
WEIGHT = {"paraf": 1, "tanda_tangani": 2}


@dataclass
class Peramal:
    """The oracle's books on one berkas; ``fase`` is draf, meja, pengaju or tutup."""

    alur: Alur
    jalur: Mapping[str, int]
    data: Mapping[str, object]
    fase: str = "draf"
    langkah: int = 0
    post: tuple[str, int, str | None] = ("", 0, None)
    filing: tuple[str, int] = ("", 0)
    surat: bool = False
    approvals: dict[int, tuple[int, Mapping[str, object]]] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)
    returns: int = 0
    ke: int = 0

    def may_act(self, dunia: Dunia) -> set[Pemegang]:
        """Return who may act at the open post."""
        if self.fase != "meja":
            return set()
        return self._sitting(self.alur.tahapan[self.langkah - 1], self.post, dunia)

    def may_file(self, dunia: Dunia, jalur: Mapping[str, int]) -> set[Pemegang]:
        """Return who may file, or file again, on this jalur."""
        may = self.alur.pengaju or (self.alur.tahapan[0].peran, "petugas_kelurahan")
        if self.fase == "draf":
            return {p for p in dunia.pemegang if p.peran in may and p.wilayah_id in jalur.values()}
        level = LADDER.index(next(t for t in LADDER if self.level_of(self.filing[1]) == t))
        posts = [self.filing] + [
            (s.peran, jalur[t])
            for t in LADDER[level + 1 :]
            for s in self.alur.tahapan
            if s.tingkat == t and t in jalur
        ]
        for post in posts:
            if found := {p for p in dunia.pemegang if (p.peran, p.wilayah_id) == post}:
                return found
        return set()

    def allows(self, aksi: Aksi, dunia: Dunia) -> bool:
        """Say whether the act has to be accepted."""
        if self.fase == "tutup" or aksi.ke != self.ke:
            return False
        if aksi.jenis == "ajukan":
            jalur = aksi.jalur or self.jalur
            return self.fase != "meja" and aksi.pelaku in self.may_file(dunia, jalur)
        noted = bool(aksi.catatan.strip())
        if aksi.jenis == "batalkan":
            may = self.alur.pengaju or (self.alur.tahapan[0].peran, "petugas_kelurahan")
            counter = {
                p for p in dunia.pemegang if p.peran in may and p.wilayah_id in self.jalur.values()
            }
            side = counter | self.may_file(dunia, self.jalur) if self.fase != "draf" else set()
            return noted and aksi.pelaku in side
        if aksi.pelaku not in self.may_act(dunia):
            return False
        if aksi.jenis in STEP_ACTS:
            return aksi.jenis == self.alur.tahapan[self.langkah - 1].aksi
        if aksi.jenis == "kembalikan" and self.returns == self.alur.maks_kembali:
            return False
        return noted and bool(aksi.alasan_kode)

    def record(self, aksi: Aksi, dunia: Dunia) -> None:
        """Follow an accepted act."""
        if aksi.jenis == "ajukan":
            self._file(aksi, dunia)
        elif aksi.jenis == "kembalikan":
            self.fase, self.returns = "pengaju", self.returns + 1
        elif aksi.jenis in STEP_ACTS:
            self.approvals[self.langkah] = (aksi.pelaku.pengguna_id, self.data)
            self._walk(self.langkah + 1, dunia)
        else:
            self.fase = "tutup"

    def _file(self, aksi: Aksi, dunia: Dunia) -> None:
        data = self.data if aksi.data is None else aksi.data
        jalur = self.jalur if aksi.jalur is None else aksi.jalur
        start = 1
        if self.fase == "draf":
            self.filing = (aksi.pelaku.peran, aksi.pelaku.wilayah_id)
            self.surat = aksi.surat_pengantar
        elif dict(jalur) == dict(self.jalur):
            start = self.langkah
            changed = {k for k in {*data, *self.data} if data.get(k) != self.data.get(k)}
            for step in reversed(self.alur.tahapan):
                vouched = step.urutan in self.approvals and changed & {*step.kolom_dijamin}
                was_false = self.skipped.get(step.urutan) == "syarat_tidak_terpenuhi"
                if step.urutan < start and (
                    vouched or (was_false and self._cause(step, data) == "")
                ):
                    start = step.urutan
        self.data, self.jalur = data, jalur
        self._walk(start, dunia)

    def _walk(self, start: int, dunia: Dunia) -> None:
        self.approvals = {u: a for u, a in self.approvals.items() if u < start}
        self.skipped = {u: c for u, c in self.skipped.items() if u < start}
        for step in self.alur.tahapan[start - 1 :]:
            self.ke += 1
            cause = self._cause(step, self.data)
            post = None if cause else self._place(step, dunia)
            if post is not None:
                self.fase, self.langkah, self.post = "meja", step.urutan, post
                return
            self.skipped[step.urutan] = cause or "tidak_ada_pejabat"
        self.fase = "tutup"

    def _cause(self, step: Tahapan, data: Mapping[str, object]) -> str:
        if step.tingkat not in self.jalur:
            return "tingkat_tidak_ada"
        if step.wajib:
            return ""
        if LADDER.index(step.tingkat) < LADDER.index(self.level_of(self.filing[1])):
            if self.surat:
                return "surat_pengantar"
            if step.boleh_dilewati:
                return "tidak_diwajibkan"
        for s in step.syarat:
            # The drawn conditions are all of the form: column ≥ whole number.
            value, bound = data.get(s.kolom), s.nilai
            if not isinstance(value, int) or not isinstance(bound, int) or value < bound:
                return "syarat_tidak_terpenuhi"
        return ""

    def _place(self, step: Tahapan, dunia: Dunia) -> tuple[str, int, str | None] | None:
        own = self._post_of(step, dunia)
        if self._sitting(step, own, dunia):
            return own
        if step.jika_kosong == "lewati" and not step.wajib:
            return None
        if step.jika_kosong == "naik":
            for level in LADDER[LADDER.index(step.tingkat) + 1 :]:
                for other in self.alur.tahapan:
                    strong = WEIGHT.get(other.aksi, 0) >= WEIGHT.get(step.aksi, 0)
                    if other.tingkat == level and level in self.jalur and strong:
                        post = self._post_of(other, dunia)
                        if self._sitting(step, post, dunia):
                            return post
        return own

    def _post_of(self, step: Tahapan, dunia: Dunia) -> tuple[str, int, str | None]:
        unit = self.jalur[step.tingkat]
        known = (unit, step.seksi_kode) in dunia.seksi
        return step.peran, unit, step.seksi_kode if known else None

    def _sitting(
        self, step: Tahapan, post: tuple[str, int, str | None], dunia: Dunia
    ) -> set[Pemegang]:
        before = {who for u, (who, _) in self.approvals.items() if u < step.urutan}
        people = {p for p in dunia.pemegang if (p.peran, p.wilayah_id) == post[:2]}
        people -= {p for p in people if post[2] is not None and p.seksi_kode != post[2]}
        people -= {p for p in people if p.pengguna_id in dunia.keluarga_pemohon}
        people -= {p for p in people if step.beda_orang and p.pengguna_id in before}
        return people - {p for p in people if p.sifat != "definitif" and not step.boleh_pelaksana}

    @staticmethod
    def level_of(unit: int) -> str:
        """Tell the level of a unit of the example world by its size."""
        return (
            "rt"
            if unit > 1000
            else "rw"
            if unit > 100
            else "kelurahan"
            if unit > 10
            else "kecamatan"
        )
