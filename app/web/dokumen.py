"""The documents of a filing in one request: ticks, new files, and files kept from before."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import current_app, request
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataTidakValidError
from app.generator.fields import show_moment
from app.generator.forms import GeneratedForm
from app.models.berkas import BerkasPersyaratan, SumberDipenuhi
from app.models.peran import Peran
from app.models.persyaratan import Persyaratan
from app.models.versi_layanan import VersiLayanan
from app.services.antrean import Halaman
from app.services.lampiran import Simpanan, Unggahan, open_store, store
from app.teks import N_


class Draft:
    """What the person ticked and attached.

    A file is stored as soon as it arrives and comes back in the form as a signed token, so that
    a mistake elsewhere in the form does not lose it.
    """

    def __init__(self, versi: VersiLayanan) -> None:
        self.ticked: frozenset[int] = frozenset()
        self.has_letter = request.method == "POST" and "surat_pengantar" in request.form
        self.kept: dict[int, Simpanan] = {}
        self.messages: list[tuple[str, str, str]] = []
        self.signer = URLSafeSerializer(current_app.config["SECRET_KEY"], "lampiran")
        if request.method == "POST":
            self._take([row.id for row in versi.persyaratan])

    @property
    def is_stored(self) -> bool:
        """Whether every file that came could be kept."""
        return not self.messages

    def _take(self, ids: list[int]) -> None:
        place = open_store(current_app.config["BANGKIT_PENYIMPANAN"])
        limit = current_app.config["BANGKIT_LAMPIRAN_MAKS_MB"] * 1024 * 1024
        self.ticked = frozenset(id_ for id_ in ids if f"syarat-{id_}" in request.form)
        for id_ in ids:
            token = request.form.get(f"tersimpan-{id_}")
            if token:
                self._recall(id_, token)
            upload = request.files.get(f"lampiran-{id_}")
            if upload is None or not upload.filename:
                continue
            try:
                self.kept[id_] = store(place, Unggahan(upload.filename, upload.read()), limit)
            except DataTidakValidError as error:
                text = gettext(error.fields["lampiran"]) % error.params
                self.messages.append((f"lampiran-{id_}", upload.filename, text))
                # The page ticks a persyaratan when a file is chosen; without it nobody saw one.
                self.ticked -= {id_}

    def remember(self, halaman: Halaman) -> None:
        """Start from what was met when the berkas was filed; it stays met."""
        met = {row.id for row, tick in halaman.persyaratan if tick is not None and tick.dipenuhi}
        self.ticked |= met

    def _recall(self, id_: int, token: str) -> None:
        try:
            self.kept[id_] = Simpanan(*self.signer.loads(token))
        except (BadSignature, TypeError):
            self.messages.append((f"lampiran-{id_}", "", gettext(N_("Unggah ulang berkas ini."))))

    def refuse(self, error: BangkitError, form: GeneratedForm) -> None:
        """Put the service's messages on the fields, or above the form."""
        fields = error.fields if isinstance(error, DataTidakValidError) else {"": error.message}
        texts = {name: gettext(message) % error.params for name, message in fields.items()}
        form.add_errors({name: text for name, text in texts.items() if name in form})
        self.messages += [(name, "", text) for name, text in texts.items() if name not in form]

    def rows(
        self, versi: VersiLayanan, menunggu: Mapping[int, str], surat: Collection[int] = ()
    ) -> list[dict[str, Any]]:
        """Return the persyaratan as the template draws them.

        ``menunggu`` names the peran whose approval meets a row; ``surat`` are the rows for which
        a resident may have brought the paper letter.
        """
        return [
            {**self._row(row), "menunggu": menunggu.get(row.id, ""), "boleh_surat": row.id in surat}
            for row in versi.persyaratan
        ]

    def _row(self, row: Persyaratan) -> dict[str, Any]:
        kept = self.kept.get(row.id)
        facts = (kept.nama, kept.mime, kept.kunci, kept.ukuran_bytes, kept.sha256) if kept else ()
        return {
            "id": row.id,
            "kode": row.kode,
            "nama": row.nama,
            "wajib": row.wajib,
            "keterangan": row.keterangan or "",
            "dicentang": row.id in self.ticked,
            "nama_berkas": kept.nama if kept else "",
            "token": self.signer.dumps(list(facts)) if kept else "",
        }


def requirements(session: Session, halaman: Halaman) -> list[dict[str, Any]]:
    """Return the persyaratan of a filed berkas: how each is met, by whom and when."""
    actors = {row.penugasan_id: f"{row.nama}, {row.jabatan}" for row in halaman.riwayat}
    waits = {row.dipenuhi_peran for row, _ in halaman.persyaratan} - {None}
    query = select(Peran.kode, Peran.nama).where(Peran.kode.in_(waits))
    peran = dict(session.execute(query).all()) if waits else {}
    return [_met(row, met, actors, peran) for row, met in halaman.persyaratan]


def _met(
    row: Persyaratan,
    met: BerkasPersyaratan | None,
    actors: Mapping[int | None, str],
    peran: Mapping[str, str],
) -> dict[str, Any]:
    approver = peran.get(row.dipenuhi_peran or "", "")
    facts = {"nama": row.nama, "wajib": row.wajib, "keterangan": row.keterangan or ""}
    if met is None or not met.dipenuhi or met.sumber is None or met.waktu is None:
        return {**facts, "dipenuhi": False, "sumber": "", "menunggu": approver}
    source = gettext(met.sumber.label)
    if met.sumber == SumberDipenuhi.SISTEM:
        source = gettext(N_("Persetujuan %(peran)s")) % {"peran": approver}
    parts = (source, actors.get(met.oleh_id, ""), show_moment(met.waktu))
    return {**facts, "dipenuhi": True, "sumber": " · ".join(p for p in parts if p), "menunggu": ""}
