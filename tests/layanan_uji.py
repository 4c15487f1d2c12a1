"""Makes small layanan of one or two steps, so that a test meets the signature at once."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.isian import Isian, TipeIsian
from app.models.layanan import Layanan
from app.models.pelaku import Pelaku
from app.models.peran import Peran
from app.models.policy import unscoped
from app.models.tahapan import AksiTahapan, Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.services.pengajuan import Pengajuan, ajukan
from tests.walk import SENIN

LURAH = {"peran": "lurah", "aksi": AksiTahapan.TANDA_TANGANI, "memberi_nomor": True}
CAMAT = {"peran": "camat", "aksi": AksiTahapan.TANDA_TANGANI}


def publish_layanan(session: Session, kode: str, *steps: dict[str, Any], **facts: Any) -> int:
    """Publish a layanan that asks "keperluan" and no documents; commit; return the version's id."""
    with unscoped(session, "uji menerbitkan layanan"):
        peran = {row.kode: row.id for row in session.execute(select(Peran.kode, Peran.id))}
        versi = VersiLayanan(
            layanan=Layanan(kode=kode, nama=f"Layanan uji {kode}"),
            nomor=1,
            tingkat_akhir="kecamatan",
            sla_total_menit=10,
            produk="Surat Uji",
            pengaju=["petugas_kelurahan"],
            isian=[Isian(urutan=1, kode="keperluan", label="Keperluan", tipe=TipeIsian.TEKS)],
            tahapan=[_step(n, step, peran, n == len(steps)) for n, step in enumerate(steps, 1)],
            **{"klasifikasi": "400.1", **facts},
        )
        session.add(versi)
        session.flush()
        versi.status = StatusVersi.TERBIT
        session.commit()
        return versi.id


def _step(urutan: int, step: dict[str, Any], peran: dict[str, int], is_last: bool) -> Tahapan:
    facts = {key: value for key, value in step.items() if key != "peran"}
    return Tahapan(
        urutan=urutan,
        kode=f"{urutan:02}_{step['peran']}",
        nama=f"Tahap {urutan}",
        peran_id=peran[step["peran"]],
        sla_menit=5,
        wajib=is_last,
        **facts,
    )


def file_uji(
    session: Session,
    pelaku: Pelaku,
    versi_id: int,
    penduduk_id: int,
    now: datetime = SENIN,
) -> int:
    """File one berkas of a layanan made here; the caller commits."""
    pengajuan = Pengajuan(versi_id, penduduk_id, {"keperluan": "Beasiswa"})
    return ajukan(session, pelaku, now, pengajuan, uuid4().hex)
