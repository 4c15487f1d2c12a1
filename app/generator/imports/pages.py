"""The pages of an import: choose a file, match its columns, look at the trial, run, undo."""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_admin.base import expose
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from app.errors import BangkitError
from app.generator.fields import show_moment, show_number
from app.generator.imports import shown
from app.generator.imports.files import open_table
from app.generator.imports.mapping import guess, missing, places, problems, signature
from app.generator.imports.ports import Book, Entry, Upload
from app.generator.imports.samples import csv_template, xlsx_template
from app.generator.imports.work import KIND, examine
from app.generator.jobs import Jobs
from app.generator.spec import EntitySpec
from app.models.pelaku import Pelaku
from app.teks import N_

SMALL_BYTES = 600 * 1024
"""A file up to this (about 2,000 rows) is done in the request, a larger one as a job."""

GONE = N_("Berkas ini sudah dihapus dari penyimpanan. Unggah lagi.")
BLOCK = 1024 * 1024


class ImportPages:
    """The import pages of the screens of one entity; mixed into them."""

    spec: EntitySpec
    specs: Any
    db: Callable[[], Session]
    book: Book
    jobs: Jobs
    separator: str
    upload_mb: int
    pelaku: Callable[[], Pelaku]
    get_url: Callable[..., str]
    _draw: Callable[..., str]

    # 1. The file.

    @expose("/impor/", methods=("GET", "POST"))
    def import_view(self) -> Any:
        """Show the form for a file, and take one."""
        if "import" not in self.spec.actions:
            abort(404)
        message = ""
        if request.method == "POST":
            file = request.files.get("berkas")
            if file is not None and file.filename:
                try:
                    return redirect(self._page("import_columns", self._take(file)))
                except BangkitError as error:
                    self.db().rollback()
                    message = gettext(error.message) % error.params
            else:
                message = gettext(N_("Pilih dahulu berkas CSV atau XLSX."))
        page = self._draw(
            "data/impor.html",
            galat=message,
            templates={k: self.get_url(".import_template", kind=k) for k in ("xlsx", "csv")},
            layouts=[gettext(layout.name) for layout in self.spec.screen.sheet.layouts],
            most_mb=self.upload_mb,
            terakhir=[
                (self._page("import_result", e.id), e.nama_berkas, show_moment(e.waktu), e.status)
                for e in self.book.recent(self.db(), self.spec, self.pelaku())
            ],
        )
        return (page, 422) if message else page

    def _take(self, file: Any) -> int:
        """Keep an uploaded file if it can be read at all; return the number of its import."""
        with tempfile.TemporaryDirectory(prefix="impor-") as folder:
            path = Path(folder) / "berkas"
            digest = hashlib.sha256()
            with path.open("wb") as target:
                while block := file.stream.read(BLOCK):
                    digest.update(block)
                    target.write(block)
            with open_table(path):
                size = path.stat().st_size
            name = Path(str(file.filename).replace("\\", "/")).name.replace("\x00", "")
            upload = Upload(name, path, size, digest.hexdigest())
            id_ = self.book.begin(self.db(), self.spec, self.pelaku(), upload)
        self.db().commit()
        return id_

    @expose("/impor/templat.<kind>")
    def import_template(self, kind: str) -> Response:
        """Send the template, as CSV or as a workbook with a guide."""
        if kind == "csv":
            response = Response(csv_template(self.spec, self.separator), mimetype="text/csv")
        elif kind == "xlsx":
            response = Response(
                xlsx_template(self.db(), self.spec, self.specs),
                mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        else:
            abort(404)
        name = f"templat-{self.spec.slug}.{kind}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    # 2. Its columns.

    @expose("/impor/<int:impor_id>/kolom/", methods=("GET", "POST"))
    def import_columns(self, impor_id: int) -> Any:
        """Show which column of the file goes where; take the choice and try the import."""
        entry = self._entry(impor_id, own=True)
        if str(entry.status) in ("selesai", "diurungkan"):
            return redirect(self._page("import_result", impor_id))
        try:
            with self.book.open(entry.kunci) as path, open_table(path) as opened:
                sample = shown.first_rows(opened, self.spec, self.specs)
        except FileNotFoundError:
            flash(gettext(GONE), "error")
            return redirect(self.get_url(".import_view"))
        mark = signature(opened.headers)
        codes = self._codes(entry, opened.headers, mark)
        wrong = problems(self.spec, self.specs, codes) if request.method == "POST" else []
        if request.method == "POST" and not wrong:
            how = request.form.get("cara", "semua")
            cara = type(entry.cara)(how if how in ("semua", "lewati") else "semua")
            facts = {"pemetaan": list(codes), "tanda_judul": mark, "cara": cara}
            self.book.change(self.db(), entry, **facts)
            return self._start(entry, dry=True)
        page = self._draw(
            "data/impor_kolom.html",
            entry=entry,
            galat=[gettext(text) % params for text, params in wrong],
            kolom=shown.columns(opened, codes, sample),
            pilihan=[(p.code, p.label) for p in places(self.spec, self.specs)],
            kurang=missing(self.spec, codes),
            cara=request.form.get("cara", str(entry.cara)),
            tata=shown.layout_name(self.spec, opened.headers),
            dibaca=shown.how_read(opened),
        )
        return (page, 422) if wrong else page

    def _codes(self, entry: Entry, headers: list[str], mark: str) -> tuple[str, ...]:
        """Return the place of each header: as sent, as chosen before, else as guessed."""
        known = {place.code for place in places(self.spec, self.specs)}
        if request.method == "POST":
            sent = [request.form.get(f"kolom-{i}", "") for i in range(len(headers))]
            return tuple(code if code in known else "" for code in sent)
        kept = entry.pemetaan or self.book.remembered(self.db(), self.spec, self.pelaku(), mark)
        if kept and len(kept) == len(headers):
            return tuple(code if code in known else "" for code in kept)
        return guess(self.spec, self.specs, headers)

    # 3.–5. The trial, the run, what came of it.

    def _start(self, entry: Entry, *, dry: bool) -> BaseResponse:
        """Try or run: here if the file is small, else as a job."""
        with self.book.open(entry.kunci) as path:
            is_small = path.stat().st_size <= SMALL_BYTES
        if is_small:
            return self._do(entry, dry=dry)
        if not dry:
            self.book.change(self.db(), entry, status=type(entry.status)("berjalan"))
        label = gettext(N_("Memeriksa impor %(data)s") if dry else N_("Impor %(data)s"))
        data = {"resource": self.spec.resource, "impor_id": entry.id, "uji": dry}
        job_id = self.jobs.start(KIND, label % {"data": gettext(self.spec.screen.plural)}, data)
        self.db().commit()
        return redirect(self.jobs.url(job_id))

    def _do(self, entry: Entry, *, dry: bool) -> BaseResponse:
        id_ = entry.id
        try:
            facts = (self.db(), self.book, self.spec, self.specs, self.pelaku(), entry)
            examine(*facts, dry=dry)
        except (BangkitError, FileNotFoundError) as error:
            self.db().rollback()
            text = gettext(GONE)
            if isinstance(error, BangkitError):
                text = gettext(error.message) % error.params
            flash(text, "error")
            return redirect(self._page("import_columns", id_))
        self.db().commit()
        return redirect(self._page("import_result", id_))

    @expose("/impor/<int:impor_id>/")
    def import_result(self, impor_id: int) -> Any:
        """Show the report of an import: what it would do, or what it did."""
        entry = self._entry(impor_id, own=False)
        is_own = entry.pengguna_id == self.pelaku().pengguna_id
        if str(entry.status) == "diunggah" and is_own and not entry.pemetaan:
            return redirect(self._page("import_columns", impor_id))
        return self._draw(
            "data/impor_hasil.html",
            entry=entry,
            hasil=shown.report(entry),
            milik=is_own,
            alamat={
                name: self._page(f"import_{name}", impor_id)
                for name in ("columns", "run", "undo", "rejected", "result")
            },
        )

    @expose("/impor/<int:impor_id>/jalankan/", methods=("POST",))
    def import_run(self, impor_id: int) -> BaseResponse:
        """Run an import that was tried."""
        entry = self._entry(impor_id, own=True)
        if str(entry.status) not in ("diperiksa", "gagal"):
            flash(gettext(N_("Impor ini sudah dijalankan.")), "info")
            return redirect(self._page("import_result", impor_id))
        return self._start(entry, dry=False)

    @expose("/impor/<int:impor_id>/urungkan/", methods=("POST",))
    def import_undo(self, impor_id: int) -> BaseResponse:
        """Take a whole import back, while nothing depends on it."""
        entry = self._entry(impor_id, own=False)
        try:
            count = self.book.undo(self.db(), self.spec, self.pelaku(), entry)
        except BangkitError as error:
            self.db().rollback()
            words = {k: gettext(v) if isinstance(v, str) else v for k, v in error.params.items()}
            flash(gettext(error.message) % words, "error")
        else:
            self.db().commit()
            text = gettext(N_("%(n)s data dikembalikan seperti sebelum impor."))
            flash(text % {"n": show_number(count)}, "success")
        return redirect(self._page("import_result", impor_id))

    @expose("/impor/<int:impor_id>/ditolak.csv")
    def import_rejected(self, impor_id: int) -> Any:
        """Send the refused rows, with a column that says why; to the importer only."""
        entry = self._entry(impor_id, own=True)
        key = (entry.laporan or {}).get("ditolak")
        try:
            blocks = self.book.stream(key) if key else None
        except FileNotFoundError:
            blocks = None
        if blocks is None:
            flash(gettext(GONE), "error")
            return redirect(self._page("import_result", impor_id))
        response = Response(blocks, mimetype="text/csv")
        name = f"ditolak-{self.spec.slug}-{impor_id}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _entry(self, impor_id: int, *, own: bool) -> Entry:
        entry = self.book.load(self.db(), self.spec, self.pelaku(), impor_id, own=own)
        if entry is None:
            abort(404)
        if str(entry.status) == "berjalan" and self._is_cut_off(entry):
            self.book.change(self.db(), entry, status=type(entry.status)("diperiksa"))
            self.db().commit()
        return entry

    def _is_cut_off(self, entry: Entry) -> bool:
        """Whether the person cancelled the run, or it failed: it wrote nothing and may run anew."""
        if entry.pengguna_id != self.pelaku().pengguna_id:
            return False
        return all(data["impor_id"] != entry.id for data in self.jobs.unfinished(KIND))

    def _page(self, name: str, impor_id: int) -> str:
        return self.get_url(f".{name}", impor_id=impor_id)
