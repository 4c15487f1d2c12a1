"""Several berkas at once: the act of the open step, where that step allows it; never a signature.

Each berkas is an act of its own, with its own key; the caller commits after each, so that one
refusal takes nothing from the others (ROUTING §3 case 46).
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import TidakBerwenangError
from app.models.kunjungan import Kunjungan
from app.models.pelaku import Pelaku
from app.models.riwayat import Riwayat
from app.models.tahapan import AksiTahapan, Tahapan
from app.routing import JenisAksi
from app.services.berkas import require_readable, tindak
from app.teks import N_

BOLEH_MASSAL = frozenset({AksiTahapan.TERUSKAN, AksiTahapan.SETUJUI, AksiTahapan.PARAF})
"""Whatever a definition says: a signature and a handing-over are done one at a time."""


def setujui(
    session: Session, pelaku: Pelaku, now: datetime, *, berkas_id: int, ke: int, kunci: str
) -> Riwayat:
    """Finish the step of the visit ``ke``; return its journal row.

    Raises:
        TidakDitemukanError: the berkas is unknown or outside the person's area.
        TidakBerwenangError: the step is not one for many at once.
        BangkitError: the engine refuses.
    """
    require_readable(session, berkas_id)
    step = session.execute(
        select(Tahapan.aksi, Tahapan.boleh_massal)
        .join(Kunjungan, Kunjungan.tahapan_id == Tahapan.id)
        .where(Kunjungan.berkas_id == berkas_id, Kunjungan.ke == ke)
    ).one_or_none()
    if step is None or not step.boleh_massal or step.aksi not in BOLEH_MASSAL:
        raise TidakBerwenangError(N_("Tahap ini diputuskan satu per satu dari halaman berkasnya."))
    jenis = JenisAksi(step.aksi.value)
    return tindak(session, pelaku, now, berkas_id=berkas_id, jenis=jenis, ke=ke, kunci=kunci)
