"""The doors of bulk acts: the fields to change, their values, what would change, and deleting."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, redirect, request
from flask_admin.base import expose
from flask_admin.helpers import get_redirect_target
from flask_admin.model.base import ViewArgs
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from app.generator.bulk_changes import (
    Act,
    Outcome,
    Refusal,
    attempt,
    deleting,
    editing,
    work_through,
)
from app.generator.bulk_jobs import DELETE_KIND, EDIT_KIND
from app.generator.editing import Editor
from app.generator.fields import label_of, show_number
from app.generator.forms import GeneratedForm, build_form
from app.generator.history import History, tell
from app.generator.jobs import Jobs
from app.generator.listing import Listing, count, load
from app.generator.selection import as_lines, as_sent, chosen, ids_of
from app.generator.spec import EntitySpec, FieldSpec
from app.generator.writing import populate
from app.models.nilai import to_json
from app.models.pelaku import Pelaku
from app.teks import N_

AT_ONCE = 200
"""Rows that are done within the request; more are a job."""

SAMPLE = 20
"""Rows of which the preview shows what would change."""

NAMED = 5
"""Refused rows that a message names."""


class BulkPages:
    """The part of an entity's screens that acts on many rows at once; mixed into them.

    No view of the host itself: its metaclass copies every door of the host into each of its views,
    so that one of two siblings would hide the other's.
    """

    spec: EntitySpec
    specs: Any
    db: Callable[[], Session]
    editor: Editor
    history: History
    jobs: Jobs
    pelaku: Callable[[], Pelaku]
    get_url: Callable[..., str]
    _draw: Callable[..., str]
    _get_list_extra_args: Callable[[], ViewArgs]
    _listing: Callable[..., Listing]
    _missing: Callable[[], BaseResponse]
    _offer_undo: Callable[[str, str], None]

    def _chosen(self, action: str) -> Listing:
        """Return the rows that the form means, as far as the person may act on them so."""
        names = (self.spec.screen.title,)
        whole = self._listing(self._get_list_extra_args(), names, action)
        return chosen(request.form, whole, self.pelaku())

    def _ids(self, listing: Listing, most: int) -> list[int]:
        return list(ids_of(self.db(), self.specs, listing, most))

    # Deleting.

    @expose("/action/", methods=("POST",))
    def action_view(self) -> BaseResponse:
        """Delete the rows that are meant; what cannot be deleted stays and is named."""
        if request.form.get("action") != "delete":
            return self._missing()
        listing = self._chosen("delete")
        ids = self._ids(listing, AT_ONCE + 1)
        if not ids:
            return self._missing()
        if len(ids) > AT_ONCE:
            title = N_("Menghapus banyak %(data)s")
            return self._start_job(DELETE_KIND, title, listing, {})
        with self.history.as_one() as group:
            outcome = self._act_on(ids, deleting(self.spec))
        text = ngettext("%(num)d data dihapus.", "%(num)d data dihapus.", outcome.done)
        if outcome.done:
            self._offer_undo(text, group)
        else:
            flash(text, "info")
        return redirect(get_redirect_target() or self.get_url(".index_view"))

    # Changing.

    @expose("/massal/", methods=("POST",))
    def bulk_view(self) -> Any:
        """Change fields of the rows that are meant: which, to what, see what comes of it, do it."""
        fields = self._bulk_fields()
        listing = self._chosen("edit")
        if not fields or not self._ids(listing, 1):
            return self._missing()
        step = request.form.get("langkah", "")
        names = [n for n in request.form.getlist("ubah") if n in {f.name for f in fields}]
        if not step or not names or "ulang" in request.form:
            is_wrong = bool(step) and not names
            error = gettext(N_("Centang dahulu isian yang akan diubah.")) if is_wrong else ""
            return self._bulk_page("pilih", listing, 422 if is_wrong else 200, galat=error)
        form = self._bulk_form(names, None if step == "pilih" else request.form)
        if step == "pilih":
            return self._bulk_page("isi", listing, isian=form)
        if not form.validate():
            return self._bulk_page("isi", listing, 422, isian=form, errors=form.summary())
        values = self._values(form, names)
        if step == "isi":
            sample = self._sample(listing, values)
            return self._bulk_page("periksa", listing, isian=form, **sample)
        return self._apply(listing, values)

    def _bulk_fields(self) -> list[FieldSpec]:
        """Return the fields that many rows may share: not their names, keys or secrets."""
        spec = self.spec
        return [
            field
            for field in spec.pick(spec.form_names)
            if not (field.mask or field.virtual or field.unique or field.kind == "sandi")
            and field.name not in (*spec.screen.key, spec.screen.title)
        ]

    def _bulk_form(self, names: Sequence[str], formdata: Any) -> GeneratedForm:
        fields, lookups = self.spec.pick(names), self.editor.lookups
        form = build_form(f"{self.spec.resource}Massal", fields, lookups, editing=True)(formdata)
        form.look_up_at(self.get_url(".ajax_lookup"))
        return form

    def _values(self, form: GeneratedForm, names: Sequence[str]) -> dict[str, Any]:
        with self.db().no_autoflush:
            row: Any = self.spec.model()
            populate(form, self.spec.pick(names), row, editing=True)
        return {name: getattr(row, name) for name in names}

    def _sample(self, listing: Listing, values: Mapping[str, Any]) -> dict[str, Any]:
        """Do it to the first rows and take it back, so that the preview cannot be wrong."""
        act, found, changes = editing(self.spec, values), [], []
        for id_ in self._ids(listing, SAMPLE):
            row = load(self.db(), self.spec, id_, "edit")
            pairs = {name: (getattr(row, name), value) for name, value in values.items()}
            changes.append({name: (old, new) for name, (old, new) in pairs.items() if old != new})
            label = gettext(str(row))
            result = attempt(self.db(), self.spec, id_, act)
            self.db().rollback()
            found.append((label, result.reason if isinstance(result, Refusal) else ""))
        told = tell(self.db(), self.specs, [(self.spec, change) for change in changes])
        return {
            "contoh": [
                {"label": label, "isi": lines, "galat": reason}
                for (label, reason), lines in zip(found, told, strict=True)
            ]
        }

    def _bulk_page(self, step: str, listing: Listing, status: int = 200, **context: Any) -> Any:
        total = count(self.db(), listing, self.specs)
        here = self.get_url(".bulk_view", **request.args.to_dict(flat=False))
        names = request.form.getlist("ubah")
        kept = [*as_sent(request.form)]
        if step != "pilih":
            kept += [("ubah", name) for name in names]
        if step == "periksa":
            shown = set(context["isian"]._fields)
            kept += [(n, v) for n, v in request.form.items(multi=True) if n in shown]
        page = self._draw(
            "data/massal.html",
            langkah=step,
            jumlah=show_number(total),
            latar=total > AT_ONCE,
            simpanan=kept,
            bidang_massal=[(f.name, label_of(f), f.name in names) for f in self._bulk_fields()],
            aksi_url=here,
            cancel_url=get_redirect_target() or self.get_url(".index_view"),
            **context,
        )
        return (page, status) if status != 200 else page

    def _apply(self, listing: Listing, values: Mapping[str, Any]) -> BaseResponse:
        ids = self._ids(listing, AT_ONCE + 1)
        if len(ids) > AT_ONCE:
            kept = {name: to_json(value) for name, value in values.items()}
            return self._start_job(
                EDIT_KIND, N_("Mengubah banyak %(data)s"), listing, {"nilai": kept}
            )
        outcome = self._act_on(ids, editing(self.spec, values))
        text = ngettext("%(num)d data diubah.", "%(num)d data diubah.", outcome.done)
        flash(text, "success" if outcome.done else "info")
        return redirect(get_redirect_target() or self.get_url(".index_view"))

    # Both.

    def _act_on(self, ids: Sequence[int], act: Act) -> Outcome:
        """Act on these rows within the request, and tell what was refused."""
        outcome = Outcome()
        left_out = len(set(request.form.getlist("rowid"))) - len(ids)
        if "semua" not in request.form and left_out > 0:
            text = gettext(
                N_("%(n)s data yang dicentang dilewati: sudah tidak ada, atau bukan wewenang Anda.")
            )
            flash(text % {"n": show_number(left_out)}, "warning")
        work_through(self.db(), self.spec, ids, act, outcome, lambda count: self.db().commit())
        for one in outcome.refused[:NAMED]:
            flash(f"{one.label}: {one.reason}", "error")
        if (more := len(outcome.refused) - NAMED) > 0:
            text = gettext(N_("dan %(n)s data lain ditolak."))
            flash(text % {"n": show_number(more)}, "error")
        return outcome

    def _start_job(
        self, kind: str, title: str, listing: Listing, facts: Mapping[str, Any]
    ) -> BaseResponse:
        """Keep the ids of the rows as they are now, and start the job that acts on them."""
        ids = ids_of(self.db(), self.specs, listing)
        key = self.jobs.store("ids.txt", [as_lines(ids)])
        data = {"sumber_daya": self.spec.resource, "ids": key, **facts}
        text = gettext(title) % {"data": gettext(self.spec.screen.plural)}
        job_id = self.jobs.start(kind, text, data)
        self.db().commit()
        return redirect(self.jobs.url(job_id))
