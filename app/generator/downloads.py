"""The export doors of one entity: the page that asks for format and reason, and the files.

What takes longer than a page should is handed to the background jobs.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Response, current_app, redirect, request
from flask_admin.base import expose
from flask_babel import get_locale, gettext
from werkzeug.datastructures import ImmutableMultiDict

from app.errors import BangkitError, TidakDitemukanError
from app.generator import listing as rows
from app.generator import pages
from app.generator.chips import chips
from app.generator.columns import exported
from app.generator.exports import Part, started
from app.generator.fields import mask_numbers
from app.generator.files import (
    FORMATS,
    Format,
    Source,
    TerlaluBanyakError,
    csv_file,
    needs_reason,
    pdf_file,
    reason_of,
    title_of,
    xlsx_file,
)
from app.generator.host import HostView
from app.generator.listing import Listing
from app.generator.paging import COUNT_MOST, Total

XLSX_AT_ONCE = 5000
"""Rows of a workbook that is still made while the person waits; more are a background job."""

JOB_KIND = "ekspor"


class ExportView(HostView):
    """The exports of the generated screens of one entity."""

    _listing: Callable[..., Listing]

    @expose("/export/", methods=("GET", "POST"))
    def export(self) -> Any:
        """Ask for format and reason; send the file."""
        if request.method == "GET":
            return self._export_page()
        return self._answered(self._send)

    @expose("/export/csv/")
    def export_csv(self) -> Any:
        """Send a CSV at once where no reason is due, else ask for it."""
        if needs_reason(self._exported()):
            return self._export_page()
        return self._answered(self._send)

    @expose("/export/later/", methods=("POST",))
    def export_later(self) -> Any:
        """Start the export as a background job."""
        return self._answered(self._start_export)

    def _answered(self, work: Callable[[], Any]) -> Any:
        """Run ``work``; what it refuses is told on the page, which keeps what was typed."""
        try:
            return work()
        except TidakDitemukanError:
            raise
        except BangkitError as error:
            self.db().rollback()
            return self._export_page(gettext(error.message) % error.params), error.status

    def _exported(self) -> Listing:
        """Return the list of the address as it may leave."""
        names = exported(self.spec, self.pelaku(), self.keep(self.spec))
        return self._listing(self._get_list_extra_args(), names, "export")

    def _filter_words(self) -> list[str]:
        # The note of an export is read by others: a NIK that was searched for is masked in it.
        return [mask_numbers(chip["text"]) for chip in chips(self, self._get_list_extra_args())]

    def _export_page(self, error: str = "") -> Any:
        args = self._get_list_extra_args()
        listing = self._exported()
        counted = rows.count(self.db(), listing, self.specs, most=COUNT_MOST + 1)
        total = Total(known=counted if counted <= COUNT_MOST else None)
        facts = pages.export_facts(self, args, chips(self, args), total, self.keep(self.spec))
        back = self._get_list_url(args)
        typed = {"error": error, **_typed(request.form)}
        return self._draw("data/ekspor.html", ekspor=(facts or {}) | typed, cancel_url=back)

    # Sending.

    def _send(self) -> Any:
        name, format_ = _format()
        listing = self._exported()
        reason = reason_of(request.form.get("alasan", ""), listing)
        if format_.most is not None and self._goes_later(name, format_, listing):
            return redirect(self._here(".export_later"), code=307)  # the form goes along
        source = Source(self._engine(), self.pelaku(), listing, self.specs)
        words = self._filter_words()
        parts = self._parts(name, source, words)
        # No page connection and no lock is held while a file is made and sent.
        self.db().rollback()
        response = Response(started(parts, self._noted(words, reason)), mimetype=format_.mimetype)
        file = f"{self.spec.slug}.{format_.suffix}"
        response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
        return response

    def _goes_later(self, name: str, format_: Format, listing: Listing) -> bool:
        """Whether so many rows are a job; more than the format takes are refused."""
        most = format_.most or 0
        at_once = min(most, XLSX_AT_ONCE) if name == "xlsx" else most
        total = rows.count(self.db(), listing, self.specs, most=most + 1)
        if total <= at_once:
            return False
        if name != "xlsx" or total > most:
            raise TerlaluBanyakError(format_)
        return True

    def _engine(self) -> Any:
        return self.db().get_bind()

    def _parts(self, name: str, source: Source, words: list[str]) -> Iterator[Part]:
        if name == "csv":
            return csv_file(source, self.separator)
        if name == "xlsx":
            return xlsx_file(source)
        return pdf_file(source, self._around(source.listing, words))

    def _around(self, listing: Listing, words: list[str]) -> dict[str, Any]:
        """Return the words around a printed list."""
        about = [gettext("Saringan: %(teks)s") % {"teks": "; ".join(words)}] if words else []
        if needs_reason(listing):
            about.append(gettext("NIK dan nomor KK disamarkan."))
        return {
            "judul": title_of(listing),
            "unit": self.unit,
            "keterangan": about,
            "kaki": gettext("Dicetak oleh %(nama)s") % {"nama": self.pelaku().nama},
            "halaman": gettext("Halaman"),
            "nomor": gettext("No."),
            "bahasa": str(get_locale()),
        }

    def _noted(self, words: list[str], reason: str | None) -> Callable[[int, str], None]:
        """Return what writes the note after the last byte, when the request is long gone."""
        app = current_app._get_current_object()  # type: ignore[attr-defined] # a proxy
        spec, pelaku = self.spec, self.pelaku()

        def done(count: int, sha256: str) -> None:
            with app.app_context():
                self.record(spec, pelaku, words, count, sha256, reason)

        return done

    # Later.

    def _start_export(self) -> Any:
        name, _ = _format()
        if name not in JOB_FORMATS:
            return self._send()  # short by its limit
        listing = self._exported()
        reason = reason_of(request.form.get("alasan", ""), listing)
        data = {
            "sumber_daya": self.spec.resource,
            "format": name,
            "kolom": list(listing.names),
            "cari": listing.search,
            "saringan": [list(clause) for clause in listing.filters],
            "urutan": listing.order,
            "kata": self._filter_words(),
            "alasan": reason,
        }
        title = gettext("Unduhan %(data)s (%(format)s)") % {
            "data": title_of(listing),
            "format": name.upper(),
        }
        job_id = self.jobs.start(JOB_KIND, title, data)
        self.db().commit()
        return redirect(self.jobs.url(job_id))

    def _here(self, endpoint: str) -> str:
        return str(self.get_url(endpoint, **request.args.to_dict(flat=False)))


JOB_FORMATS = ("csv", "xlsx")


def _format() -> tuple[str, Format]:
    name = request.form.get("format", "csv")
    if name not in FORMATS:
        raise TidakDitemukanError
    return name, FORMATS[name]


def _typed(form: ImmutableMultiDict[str, str]) -> Mapping[str, str]:
    return {"format": form.get("format", "csv"), "alasan": form.get("alasan", "")}
