"""Whether a person still wants to be offered the first tour.

The answer is kept where all stands that an account keeps for itself, so it holds on each device.
"""

from sqlalchemy.orm import Session

from app.models.pelaku import Pelaku
from app.services.tampilan import load_simpanan, simpan_kolom

SUMBER_DAYA = "Panduan"
"""Name under which the answer is kept; no list has it."""

SELESAI = "selesai"


def is_offered(session: Session, pelaku: Pelaku) -> bool:
    """Whether Beranda still offers the tour."""
    return SELESAI not in load_simpanan(session, pelaku, SUMBER_DAYA).kolom


def tutup(session: Session, pelaku: Pelaku) -> None:
    """Remember that this person has seen enough of the tour; doing so twice changes nothing."""
    simpan_kolom(session, pelaku, SUMBER_DAYA, [SELESAI])
