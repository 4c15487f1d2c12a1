"""The doors to what was: a row's history, going back to earlier values, Sampah and "Urungkan"."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request
from flask_admin.base import expose
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.errors import BangkitError, DataBerubahError, TidakDitemukanError
from app.generator import history
from app.generator.host import HostView
from app.generator.listing import permitted
from app.generator.writing import STALE, assign, said, save
from app.models.validation import INTEGER_LIMIT
from app.teks import N_

UNDO_MOST = 500
"""Rows that one "Urungkan" puts back; the list deletes no more at once."""


class RestoringView(HostView):
    """The part of an entity's screens that looks and goes back."""

    @expose("/riwayat/")
    def history_view(self) -> Any:
        """Show who changed what in one row and its children, newest first."""
        row = self.get_one(request.args.get("id"))
        if row is None or not history.has_history(self.spec):
            return self._missing()
        children = [child.model for child in history.children_of(self, self.spec)]
        before = number_of(request.args.get("sebelum"))
        merged = number_of(request.args.get("gabung"))
        found = self.history.changes(row, children, before, history.PER_PAGE + 1, merged)
        may_edit = bool(permitted(self.db(), self.spec, [row.id], ("edit",))["edit"])
        place = history.Place(row, before, merged, may_edit and merged is None)
        context = history.history_context(self, found, place)
        return self._draw("data/riwayat.html", **context)

    @expose("/riwayat/kembalikan/", methods=("GET", "POST"))
    def revert_view(self) -> Any:
        """Show what going back would change; on POST go back, by an edit like any other."""
        row = self.get_one(request.values.get("id"), "edit")
        change_id = number_of(request.values.get("perubahan"))
        if row is None or change_id is None or not self.get_one(row.id):
            return self._missing()
        whole = request.values.get("cara") == "semua"
        error = self._go_back(row, change_id, whole) if request.method == "POST" else None
        if request.method == "POST" and error is None:
            flash(gettext(N_("Nilai sebelumnya sudah dikembalikan.")), "success")
            return redirect(self.get_url(".history_view", id=request.values.get("id")))
        page = self._revert_page(request.values.get("id"), change_id, whole, error)
        return (page, error.status) if error is not None else page

    def _go_back(self, row: Any, change_id: int, whole: bool) -> BangkitError | None:
        """Write the earlier values; return why that was refused."""
        values = self._earlier(row, change_id, whole)
        if request.form.get("revisi", type=int) != row.revisi:
            return DataBerubahError(STALE)
        try:
            with self.history.as_restored():
                save(self.db(), self.spec, row, lambda: assign(row, values))
        except BangkitError as error:
            self.db().rollback()
            return error
        self.db().commit()
        return None

    def _earlier(self, row: Any, change_id: int, whole: bool) -> dict[str, Any]:
        values = self.history.values_before(row, change_id, whole=whole)
        return history.differing(self.spec, row, values)

    def _revert_page(
        self, id_: object, change_id: int, whole: bool, error: BangkitError | None
    ) -> Any:
        row = self.get_one(id_, "edit")
        if row is None:
            return self._missing()
        ways = {way: self._earlier(row, change_id, way) for way in (False, True)}
        context = history.revert_context(self, row, ways[whole])
        return self._draw(
            "data/kembalikan.html",
            perubahan=change_id,
            whole=whole,
            other_url=self.get_url(
                ".revert_view", id=row.id, perubahan=change_id, cara="" if whole else "semua"
            )
            if ways[True] != ways[False]
            else None,
            errors=said(self.spec, error) if error is not None else [],
            **context,
        )

    # What was deleted.

    @expose("/sampah/")
    def trash_view(self) -> Any:
        """Show what was deleted lately and could be put back."""
        before, days = number_of(request.args.get("sebelum")), self.history.days
        found = self.history.trash(
            self.spec.model, group=None, before=before, limit=history.PER_PAGE + 1
        )
        context = history.trash_context(self, found, days=days, before=before)
        return self._draw("data/sampah.html", **context)

    @expose("/sampah/pulihkan/", methods=("POST",))
    def restore_view(self) -> BaseResponse:
        """Put back one deleted row (``id``), or all that one act deleted (``kelompok``)."""
        ids = self._to_restore(request.form)
        if not ids:
            return self._missing()
        done = [id_ for id_ in ids if self._put_back(id_)]
        if done:
            text = ngettext("%(num)d data dipulihkan.", "%(num)d data dipulihkan.", len(done))
            flash(text, "success")
        home = ".index_view" if len(done) == len(ids) else ".trash_view"
        return redirect(self.get_url(home))

    def _to_restore(self, form: Mapping[str, str]) -> list[int]:
        """Return the rows of Sampah that are meant; the oldest first, as they were deleted."""
        if (one := number_of(form.get("id"))) is not None:
            return [one]
        group = form.get("kelompok", "")[:32].replace("\x00", "")
        if not group:
            return []
        found = self.history.trash(self.spec.model, group=group, before=None, limit=UNDO_MOST)
        return [row.id for row in reversed(found)]

    def _put_back(self, trash_id: int) -> bool:
        row = self.spec.model()
        put_back, model = self.history.put_back, self.spec.model
        try:
            with self.history.as_restored(), self.db().no_autoflush:
                save(self.db(), self.spec, row, lambda: put_back(model, trash_id, row))
        except TidakDitemukanError:
            raise  # somebody else's, or put back already: the page says that it is not there
        except BangkitError as error:
            self.db().rollback()
            for line in said(self.spec, error):
                flash(line, "error")
            return False
        self.db().commit()
        return True

    def _offer_undo(self, text: str, group: str) -> None:
        """Say that rows are deleted, with a button that puts them back."""
        message: Any = text
        if self.may("add"):  # putting back writes new rows
            message = {"teks": text, "url": self.get_url(".restore_view"), "kelompok": group}
        flash(message, "success")


def number_of(value: str | None) -> int | None:
    """Return a key from an address or form; None where it can be none."""
    found = int(value) if value and value.isascii() and value.isdecimal() else 0
    return found if 0 < found <= INTEGER_LIMIT else None
