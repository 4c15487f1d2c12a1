"""An oracle that says who may act and where a berkas goes next, without the engine's code.

It reads ROUTING afresh and keeps its own books (step, post, standing approvals, claim, and a copy
of the books before the newest decision), so that a fault in the engine shows up as a quarrel.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.routing import SISTEM, Aksi, Alur, Dunia, Pemegang, Tahapan

LADDER = ("rt", "rw", "kelurahan", "kecamatan")
STEP_ACTS = ("teruskan", "setujui", "paraf", "tanda_tangani", "serahkan")
MACHINE_ACTS = ("eskalasi", "kedaluwarsa", "hitung_ulang", "migrasi", "impor")
CLOSED = ("selesai", "ditolak", "dibatalkan", "kedaluwarsa")
WEIGHT = {"paraf": 1, "tanda_tangani": 2}


def level_of(unit: int) -> str:
    """Tell the level of a unit of the example world by its size."""
    return LADDER[(unit < 1000) + (unit < 100) + (unit < 10)]


def home(unit: int, dunia: Dunia) -> int:
    """Follow a unit to the one that took its place in the end."""
    while unit in dunia.pengganti:
        unit = dunia.pengganti[unit]
    return unit


@dataclass(frozen=True)
class Post:
    """Where a visit lies, where it belongs, and why it lies there."""

    peran: str
    unit: int
    seksi: str | None
    belongs: int
    cause: str | None = None


@dataclass(frozen=True)
class Peramal:
    """The oracle's books on one berkas; ``fase`` is draf, meja, pengaju or tutup.

    ``inherited`` are steps whose approval or skip an earlier version judged; ``excused`` those
    that a migrasi put below the open step, so that nobody was ever asked.
    """

    alur: Alur
    jalur: Mapping[str, int]
    data: Mapping[str, object]
    fase: str = "draf"
    langkah: int = 0
    post: Post | None = None
    filing: tuple[str, int] = ("", 0)
    surat: bool = False
    approvals: Mapping[int, tuple[int, Mapping[str, object]]] = field(default_factory=dict)
    skipped: Mapping[int, str] = field(default_factory=dict)
    returns: int = 0
    ke: int = 0
    claim: tuple[int, int, datetime] | None = None
    opened_up: bool = False
    since: datetime | None = None
    inherited: frozenset[int] = frozenset()
    excused: frozenset[int] = frozenset()
    undo: "tuple[Peramal, int, datetime] | None" = None

    @property
    def step(self) -> Tahapan:
        """The step the berkas lies at, or that returned it."""
        return self.alur.tahapan[self.langkah - 1]

    def may_act(self, dunia: Dunia) -> set[Pemegang]:
        """Return who may act at the open post."""
        if self.fase != "meja" or self.post is None:
            return set()
        able = self.sitting(self.step, self.post, dunia)
        if self.opened_up:
            above = self._higher(self.step, level_of(self.post.unit), dunia)
            able |= set() if above is None else self.sitting(self.step, above, dunia)
        return able

    def superiors(self, dunia: Dunia) -> set[Pemegang]:
        """Return who stands above the step: higher with its authority, or beside with more."""
        found = set()
        for other in self.alur.tahapan:
            lift = LADDER.index(other.tingkat) - LADDER.index(self.step.tingkat)
            extra = WEIGHT.get(other.aksi, 0) - WEIGHT.get(self.step.aksi, 0)
            above = lift > 0 and extra >= 0 or lift == 0 and extra > 0
            if above and other.tingkat in self.jalur:
                found |= at(self.post_of(other, dunia), dunia)
        return found

    def counters(self, dunia: Dunia, jalur: Mapping[str, int]) -> set[Pemegang]:
        """Return who may file on a jalur, by peran and unit."""
        may = self.alur.pengaju or (self.alur.tahapan[0].peran, "petugas_kelurahan")
        units = {home(unit, dunia) for unit in jalur.values()}
        return {p for p in dunia.pemegang if p.peran in may and p.wilayah_id in units}

    def may_file(self, dunia: Dunia, jalur: Mapping[str, int]) -> set[Pemegang]:
        """Return who may file, or file again, on this jalur."""
        if self.fase == "draf":
            return self.counters(dunia, jalur)
        peran, unit = self.filing
        posts = [(peran, home(unit, dunia))]
        for level in LADDER[LADDER.index(level_of(unit)) + 1 :]:
            if level in jalur:
                steps = [s for s in self.alur.tahapan if s.tingkat == level]
                posts += [(s.peran, home(jalur[level], dunia)) for s in steps]
        for post in posts:
            if found := {p for p in dunia.pemegang if (p.peran, p.wilayah_id) == post}:
                return found
        return set()

    def claimed(self, dunia: Dunia) -> tuple[int, int, datetime] | None:
        """Return the claim if it still holds: its time runs and its owner may act."""
        if self.claim is None or self.claim[2] <= dunia.kini:
            return None
        able = {p.penugasan_id for p in self.may_act(dunia)}
        return self.claim if self.claim[0] in able else None

    def sitting(self, step: Tahapan, post: Post, dunia: Dunia) -> set[Pemegang]:
        """Return who sits at a post and may take the step."""
        before = {who for u, (who, _) in self.approvals.items() if u < step.urutan}
        people = at(post, dunia)
        people -= {p for p in people if p.pengguna_id in dunia.keluarga_pemohon}
        people -= {p for p in people if step.beda_orang and p.pengguna_id in before}
        return people - {p for p in people if p.sifat != "definitif" and not step.boleh_pelaksana}

    def post_of(self, step: Tahapan, dunia: Dunia) -> Post:
        """Return the step's own post."""
        unit = home(self.jalur[step.tingkat], dunia)
        seksi = step.seksi_kode if (unit, step.seksi_kode) in dunia.seksi else None
        cause = None if unit == self.jalur[step.tingkat] else "pengganti"
        return Post(step.peran, unit, seksi, unit, cause)

    def settled(self, step: Tahapan, dunia: Dunia) -> Post:
        """Return where the step waits: at home, above, or at home and empty."""
        own = self.post_of(step, dunia)
        if self.sitting(step, own, dunia):
            return own
        above = self._higher(step, step.tingkat, dunia) if step.jika_kosong == "naik" else None
        return above or replace(own, cause="kosong")

    def cause(self, step: Tahapan, data: Mapping[str, object]) -> str:
        """Return why a step is not due, "" when it is."""
        if step.tingkat not in self.jalur:
            return "tingkat_tidak_ada"
        if step.wajib:
            return ""
        if LADDER.index(step.tingkat) < LADDER.index(level_of(self.filing[1])):
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

    def _higher(self, step: Tahapan, level: str, dunia: Dunia) -> Post | None:
        for tingkat in LADDER[LADDER.index(level) + 1 :]:
            for other in self.alur.tahapan:
                strong = WEIGHT.get(other.aksi, 0) >= WEIGHT.get(step.aksi, 0)
                if other.tingkat == tingkat and tingkat in self.jalur and strong:
                    belongs = self.post_of(step, dunia).unit
                    post = replace(self.post_of(other, dunia), belongs=belongs, cause="naik")
                    if self.sitting(step, post, dunia):
                        return post
        return None

    def allows(self, aksi: Aksi, dunia: Dunia) -> bool:
        """Say whether the act has to be accepted."""
        if self.fase == "tutup" or aksi.ke != self.ke:
            return False
        noted = bool(aksi.catatan.strip())
        rule = {
            "ajukan": self._allows_filing,
            "batalkan": self._allows_end,
            "urungkan": self._allows_undo,
            "ambil": self._allows_claim,
            "lepas": self._allows_release,
            "alihkan": self._allows_move,
        }.get(aksi.jenis)
        if aksi.jenis in MACHINE_ACTS:
            return aksi.pelaku == SISTEM and self._machine_may(aksi, dunia)
        return self._allows_decision(aksi, dunia) if rule is None else rule(aksi, dunia, noted)

    def _allows_filing(self, aksi: Aksi, dunia: Dunia, noted: bool) -> bool:
        jalur = aksi.jalur or self.jalur
        return self.fase != "meja" and aksi.pelaku in self.may_file(dunia, jalur)

    def _allows_end(self, aksi: Aksi, dunia: Dunia, noted: bool) -> bool:
        side = self.counters(dunia, self.jalur) | self.may_file(dunia, self.jalur)
        return noted and self.fase != "draf" and aksi.pelaku in side

    def _allows_undo(self, aksi: Aksi, dunia: Dunia, noted: bool) -> bool:
        if self.undo is None or aksi.pelaku not in dunia.pemegang:
            return False
        _, who, when = self.undo
        return who == aksi.pelaku.penugasan_id and (dunia.kini - when).total_seconds() <= 60

    def _allows_claim(self, aksi: Aksi, dunia: Dunia, noted: bool) -> bool:
        claim = self.claimed(dunia)
        free = claim is None or claim[1] == aksi.pelaku.pengguna_id
        return free and aksi.pelaku in self.may_act(dunia)

    def _allows_release(self, aksi: Aksi, dunia: Dunia, noted: bool) -> bool:
        if self.fase != "meja" or self.claim is None:
            return False
        if aksi.pelaku == SISTEM:
            return self.claimed(dunia) is None
        if aksi.pelaku in dunia.pemegang and aksi.pelaku.penugasan_id == self.claim[0]:
            return True
        return noted and aksi.pelaku in self.superiors(dunia)

    def _allows_move(self, aksi: Aksi, dunia: Dunia, noted: bool) -> bool:
        if self.fase != "meja" or self.post is None:
            return False
        if aksi.pelaku == SISTEM:
            gone = self.post.unit in dunia.pengganti
            may = gone or not self.sitting(self.step, self.post, dunia)
        else:
            may = noted and aksi.pelaku in self.superiors(dunia)
        return may and self.settled(self.step, dunia) != self.post

    def _allows_decision(self, aksi: Aksi, dunia: Dunia) -> bool:
        if not self._allows_claim(aksi, dunia, True):
            return False
        if aksi.jenis in STEP_ACTS:
            return aksi.jenis == self.step.aksi
        if aksi.jenis == "kembalikan" and self.returns >= self.alur.maks_kembali:
            return False
        return bool(aksi.catatan.strip() and aksi.alasan_kode.strip())

    def _machine_may(self, aksi: Aksi, dunia: Dunia) -> bool:
        if aksi.jenis == "eskalasi":
            return self.fase in ("meja", "pengaju")
        if aksi.jenis == "kedaluwarsa":
            waited = self.since is not None and dunia.kini - self.since >= timedelta(days=14)
            return self.fase == "pengaju" and waited
        if aksi.jenis == "impor":
            return self.fase == "draf" and aksi.rincian.get("penutup") in CLOSED
        if aksi.jenis == "hitung_ulang":
            return self.fase == "meja"
        return self.fase in ("meja", "pengaju") and self._may_migrate(aksi.alur_baru)

    def _may_migrate(self, baru: Alur | None) -> bool:
        if baru is None:
            return False
        kode = [step.kode for step in baru.tahapan]
        if self.step.kode not in kode:
            return False
        here = baru.tahapan[kode.index(self.step.kode)]
        if here.tingkat not in self.jalur or baru.tahapan[-1].tingkat not in self.jalur:
            return False
        passed = [self.alur.tahapan[u - 1].kode for u in sorted({*self.approvals, *self.skipped})]
        kept = [kode.index(k) for k in (*passed, self.step.kode) if k in kode]
        return kept == sorted(kept)


def at(post: Post, dunia: Dunia) -> set[Pemegang]:
    """Return everybody who holds a post now, fit or not."""
    return {
        p
        for p in dunia.pemegang
        if (p.peran, p.wilayah_id) == (post.peran, post.unit)
        and (post.seksi is None or p.seksi_kode == post.seksi)
    }
