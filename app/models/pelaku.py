"""The acting person as plain data: who, with which appointments valid now, granted what, where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

AREA_COLUMN_BY_TINGKAT = {
    "kecamatan": "kecamatan_id",
    "kelurahan": "kelurahan_id",
    "desa": "kelurahan_id",
    "rw": "rw_id",
    "rt": "rt_id",
}

Area = frozenset[tuple[str, int]]
"""Area columns and the wilayah they must equal; empty means no rows at all."""


@dataclass(frozen=True)
class Jabatan:
    """One penugasan valid now: a peran at a wilayah; ``sebutan`` is how letters print it.

    ``mengajukan``: its peran takes the first step of some published layanan.
    """

    penugasan_id: int
    peran: str
    wilayah_id: int
    tingkat: str
    sebutan: str
    seksi: str | None = None
    sifat: str = "definitif"
    mengajukan: bool = False

    @property
    def area(self) -> tuple[str, int]:
        """The area column of this tingkat and the wilayah it must equal (DESIGN §3)."""
        return AREA_COLUMN_BY_TINGKAT[self.tingkat], self.wilayah_id


@dataclass(frozen=True)
class Pelaku:
    """A signed-in person; ``grants`` holds (resource, action) by peran, as the roles say now.

    ``saat`` is that now: appointments count at it, and "this month" means its month.
    ``punya_tampilan``: may keep columns or searches of some list; False saves the question.
    """

    pengguna_id: int
    nama: str
    jabatan: tuple[Jabatan, ...] = ()
    grants: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    saat: datetime | None = None
    punya_tampilan: bool = True

    @cached_property
    def _areas(self) -> dict[tuple[str, str], Area]:
        areas: dict[tuple[str, str], set[tuple[str, int]]] = {}
        for jabatan in self.jabatan:
            for grant in self.grants.get(jabatan.peran, frozenset()):
                areas.setdefault(grant, set()).add(jabatan.area)
        return {grant: frozenset(area) for grant, area in areas.items()}

    def may(self, resource: str, action: str) -> bool:
        """Whether some appointment grants the action, in whatever area."""
        return (resource, action) in self._areas

    def area(self, resource: str, action: str) -> Area:
        """The union of the areas whose peran grants the action; empty when none does."""
        return self._areas.get((resource, action), frozenset())

    def has_peran(self, *peran: str) -> bool:
        """Whether one of these peran is held now."""
        return any(jabatan.peran in peran for jabatan in self.jabatan)
