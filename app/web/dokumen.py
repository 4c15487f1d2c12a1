"""The documents of a filing in one request: ticks, new files, and files kept from before."""

from typing import Any

from flask import current_app, request
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer

from app.errors import BangkitError, DataTidakValidError
from app.generator.forms import GeneratedForm
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

    def rows(self, versi: VersiLayanan) -> list[dict[str, Any]]:
        """Return the persyaratan as the template draws them."""
        return [self._row(row) for row in versi.persyaratan]

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
