"""Where a berkas would rise to while a post is vacant, asked of the engine for every layanan."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.layanan import Layanan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.routing import Alur, Dunia, Keadaan, Pemegang
from app.routing.kandidat import rise
from app.services.dunia import load_alur, load_jalur
from app.services.pejabat import Pos


def list_alur(session: Session) -> list[Alur]:
    """Return the alur of every layanan that takes berkas now."""
    ids = session.scalars(
        select(VersiLayanan.id)
        .join(Layanan, Layanan.id == VersiLayanan.layanan_id)
        .where(VersiLayanan.status == StatusVersi.TERBIT, Layanan.aktif.is_(True))
        .order_by(Layanan.kode)
    ).all()
    return [load_alur(session, id_) for id_ in ids]


def naik(
    session: Session, posts: Sequence[Pos], wilayah_id: int, moment: datetime
) -> dict[Pos, list[tuple[str, int]]]:
    """Return for each vacant post (jabatan, number of layanan) where its berkas rise to.

    An empty jabatan stands for "nobody": there the berkas waits, visibly. ``wilayah_id`` is the
    unit whose way upwards counts; ``posts`` are all the posts on that way.
    """
    vacant = [post for post in posts if not post.holders(moment)]
    if not vacant:
        return {}
    keadaan = Keadaan(jalur=load_jalur(session, wilayah_id))
    dunia = _dunia(posts, moment)
    names = {(p.peran, p.wilayah_id, p.seksi): p.sebutan for p in posts}
    # A step of a section that the unit does not have is served by the whole unit.
    names = {(p.peran, p.wilayah_id, None): p.sebutan for p in posts} | names
    alurs = list_alur(session)
    found = {}
    for post in vacant:
        count: Counter[str] = Counter()
        for alur in alurs:
            for step in alur.tahapan:
                if step.peran != post.peran or step.seksi_kode not in (None, post.seksi):
                    continue
                desk = rise(alur, keadaan, step, dunia, frozenset())
                key = (desk.peran, desk.wilayah_id, desk.seksi_kode) if desk else None
                count[names.get(key, "") if key else ""] += 1
                break
        found[post] = count.most_common()
    return found


def _dunia(posts: Sequence[Pos], moment: datetime) -> Dunia:
    """Return the snapshot of these posts at the moment, as the engine reads it."""
    holders = tuple(
        Pemegang(n, masa.pengguna_id, post.peran, post.wilayah_id, post.seksi, str(masa.sifat))
        for n, (post, masa) in enumerate(
            ((post, masa) for post in posts for masa in post.holders(moment)), start=1
        )
    )
    seksi = frozenset((p.wilayah_id, p.seksi) for p in posts if p.seksi is not None)
    return Dunia(pemegang=holders, seksi=seksi, kini=moment)
