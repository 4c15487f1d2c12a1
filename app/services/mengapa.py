"""What a berkas tells of its way: a reason on every hop, and when it will be done."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.models.policy import unscoped
from app.services.antrean import Halaman
from app.services.berkas import load_babak
from app.services.jejak import Lompatan, load_jejak
from app.services.perkiraan import load_perkiraan


@dataclass(frozen=True)
class Mengapa:
    """``jejak`` maps riwayat.nomor to its hops; ``selesai`` is None where nobody can say."""

    jejak: dict[int, tuple[Lompatan, ...]]
    selesai: datetime | None


def load_mengapa(session: Session, halaman: Halaman, now: datetime) -> Mengapa:
    """Return the reasons and the finish-time estimate of a berkas this person may read.

    The texts name posts, never people, so the desks of other areas may stand in them.
    """
    with unscoped(session, "alasan dan perkiraan menyebut meja di luar wilayah pembaca"):
        babak = load_babak(session, halaman.berkas, now)
        return Mengapa(
            load_jejak(session, babak, halaman.riwayat, halaman.isian),
            load_perkiraan(session, babak, now),
        )
