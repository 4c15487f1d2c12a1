"""The snapshot of who holds which post now, read by the shell in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

PELAKSANA = frozenset({"plt", "plh", "an"})
"""The sifat of a penugasan that acts for the definitive officer (ROUTING §1)."""


@dataclass(frozen=True)
class Pemegang:
    """One penugasan valid now: a person in a post. It is also how an act names its pelaku.

    ``seksi_kode`` is None for a post without a section; ``sifat`` is definitif, plt, plh or an.
    """

    penugasan_id: int
    pengguna_id: int
    peran: str
    wilayah_id: int
    seksi_kode: str | None = None
    sifat: str = "definitif"

    @property
    def is_pelaksana(self) -> bool:
        """Whether the post is held in an acting capacity (ROUTING §3 cases 12 to 15)."""
        return self.sifat in PELAKSANA


@dataclass(frozen=True)
class Dunia:
    """What the engine may know of the world outside the berkas, at the moment ``kini``.

    ``pemegang``: every penugasan valid now of the peran in the alur and of its pengaju, at the
    units of the jalur, their successors and the filing desk; ``pengganti``: retired wilayah_id to
    its successor; ``seksi``: the sections that exist, as (wilayah_id, seksi_kode);
    ``keluarga_pemohon``: pengguna_id of the pemohon and of everyone on the same KK.
    """

    pemegang: tuple[Pemegang, ...] = ()
    pengganti: Mapping[int, int] = field(default_factory=dict)
    seksi: frozenset[tuple[int, str]] = frozenset()
    keluarga_pemohon: frozenset[int] = frozenset()
    kini: datetime = datetime.min.replace(tzinfo=UTC)

    def current_unit(self, wilayah_id: int) -> int:
        """Return the unit itself, or the last of its successors (ROUTING §3 case 32)."""
        seen = {wilayah_id}
        while (next_id := self.pengganti.get(wilayah_id)) is not None and next_id not in seen:
            seen.add(next_id)
            wilayah_id = next_id
        return wilayah_id

    def current_seksi(self, wilayah_id: int, seksi_kode: str | None) -> str | None:
        """Return the section when the unit has it, else None: then the whole unit serves."""
        if seksi_kode is not None and (wilayah_id, seksi_kode) in self.seksi:
            return seksi_kode
        return None

    def holders(
        self, peran: str, wilayah_id: int, seksi_kode: str | None = None
    ) -> tuple[Pemegang, ...]:
        """Return who holds the post; ``seksi_kode`` None means any section of the unit."""
        return tuple(
            p
            for p in self.pemegang
            if p.peran == peran
            and p.wilayah_id == wilayah_id
            and seksi_kode in (None, p.seksi_kode)
        )
