"""The doors of one entity: list, details, form, delete, bulk, in-list edit, look-up."""

from typing import Any
from uuid import uuid4

from flask import flash, redirect, request
from flask_admin.base import expose
from flask_admin.helpers import get_redirect_target
from flask_admin.model.base import ViewArgs
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.errors import BangkitError, DataBerubahError, DataTidakValidError
from app.generator import details, pages
from app.generator.bulk import BulkPages
from app.generator.columns import shown
from app.generator.downloads import ExportView
from app.generator.fields import show
from app.generator.host import place_of
from app.generator.imports.pages import ImportPages
from app.generator.listing import Listing
from app.generator.merging import MergingView
from app.generator.once import key_of
from app.generator.paging import turn
from app.generator.writing import delete, populate, save
from app.teks import N_


class EntityView(BulkPages, ExportView, ImportPages, MergingView):
    """The generated screens of one entity."""

    # List.

    def _listing(self, args: ViewArgs, names: tuple[str, ...], action: str = "list") -> Listing:
        column = self._get_column_by_idx(args.sort)
        name = str(column[0]) if column else ""
        order = ("-" if args.sort_desc else "") + name if name in self.spec.sortable else None
        filters = tuple(
            (flt.field.name, flt.operator, str(value))
            for index, _, value in args.filters or ()
            for flt in [self._filters[index]]
        )
        search = (args.search or "") if self.spec.screen.search else ""
        return Listing(self.spec, names, search, filters, order, action=action)

    @expose("/")
    def index_view(self) -> str:
        """Show one page of the list."""
        args, kept = self._get_list_extra_args(), self.keep(self.spec)
        listing = self._listing(args, shown(self.spec, self.pelaku(), kept))
        found = turn(self.db(), listing, self.specs, place_of(args), self.page_size)
        args.page = found.number
        return self._draw(
            "data/daftar.html", **pages.list_context(self, args, listing, found, kept)
        )

    @expose("/pohon/")
    def tree_view(self) -> Any:
        """Show a self-referencing model as a tree."""
        if self.spec.screen.tree is None:
            return self._missing()
        return self._draw(
            "data/pohon.html", nodes=details.tree(self), list_url=self.get_url(".index_view")
        )

    # One row.

    @expose("/details/")
    def details_view(self) -> Any:
        """Show one row with its related lists."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return self._missing()
        return self._draw("data/rincian.html", **details.detail_context(self, row, {}))

    @expose("/unmask/", methods=("POST",))
    def unmask_view(self) -> Any:
        """Show a sensitive value once, for a reason that is logged."""
        column = request.form.get("kolom", "")
        row = self.get_one(request.form.get("id"), f"buka_{column}")
        if row is None or column not in self.spec.screen.sensitive:
            return self._missing()
        reason = request.form.get("alasan", "").strip()
        opened: dict[str, str] = {}
        if len(reason) < 5:
            flash(gettext("Tulis alasan membuka data ini, paling sedikit 5 huruf."), "error")
        else:
            opened[column] = self.unmask(self.spec, row, column, reason[:200])
        row = self.get_one(request.form.get("id"))
        if row is None:
            return self._missing()
        return self._draw("data/rincian.html", **details.detail_context(self, row, opened))

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Show and take the form of a new row."""
        if request.method != "POST":
            return self._form_page(self.editor.bind(None, None))
        key, added = key_of(request.form.items(multi=True)), N_("%(label)s sudah ditambahkan.")
        earlier = self.once.taken(self.spec.resource, key) if key else None
        if earlier is not None:
            self.db().rollback()
            self._tell(added)
            return self._after(self.get_one(earlier))
        edit = self.editor.bind(None, request.form)
        if self._store(edit, added, key):
            return self._after(edit.row)
        return self._form_page(edit)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """Show and take the form of an existing row."""
        row = self.get_one(request.args.get("id"), "edit")
        if row is None:
            return self._missing()
        edit = self.editor.bind(row, request.form if request.method == "POST" else None)
        if request.method == "POST" and self._store(edit, N_("Perubahan sudah disimpan.")):
            return self._after(edit.row)
        return self._form_page(edit)

    def _form_page(self, edit: Any) -> Any:
        context = edit.context(self.get_url(".ajax_lookup"))
        cancel = get_redirect_target() or self.get_url(".index_view")
        if edit.row is None:
            context["kunci"] = request.form.get("kunci") or uuid4().hex
        page = self._draw("data/form.html", cancel_url=cancel, return_url=cancel, **context)
        return (page, edit.status) if edit.status != 200 else page

    def _store(self, edit: Any, message: str, key: str = "") -> bool:
        if not edit.save():
            return False
        if key and edit.row is not None:
            self.once.note(self.spec.resource, key, edit.row.id)
        self.db().commit()
        self._tell(message)
        return True

    def _tell(self, message: str) -> None:
        flash(gettext(message) % {"label": gettext(self.spec.screen.label)}, "success")

    def _after(self, row: Any) -> BaseResponse:
        if "_add_another" in request.form:
            return redirect(self.get_url(".create_view"))
        if "_continue_editing" in request.form and row is not None:
            return redirect(self.get_url(".edit_view", id=row.id))
        return redirect(get_redirect_target() or self.get_url(".index_view"))

    # Deleting.

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> BaseResponse:
        """Delete one row."""
        row = self.get_one(request.form.get("id"), "delete")
        if row is None:
            return self._missing()
        with self.history.as_one() as group:
            if self._delete(row):
                self._offer_undo(gettext("Data sudah dihapus."), group)
        return redirect(get_redirect_target() or self.get_url(".index_view"))

    @expose("/delete/confirm/")
    def delete_confirm_view(self) -> Any:
        """Ask before deleting, for a browser without script."""
        row = self.get_one(request.args.get("id"), "delete")
        if row is None:
            return self._missing()
        back = get_redirect_target() or self.get_url(".index_view")
        return self._draw(
            "data/hapus.html", row_label=str(row), row_id=row.id, return_url=back, cancel_url=back
        )

    def _delete(self, row: Any) -> bool:
        try:
            delete(self.db(), self.spec, row)
        except BangkitError as error:
            self.db().rollback()
            flash(gettext(error.message) % error.params, "error")
            return False
        self.db().commit()
        return True

    # Small answers for the script.

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Any:
        """Return choices of a relation as JSON ``[[id, label], …]``."""
        find = self.filter_lookup if "saring" in request.args else self.lookup
        lookup = find(request.args.get("name", ""))
        if lookup is None:
            return self._missing()
        offset = max(0, request.args.get("offset", 0, type=int))
        return lookup.search(request.args.get("query", "")[:100], offset=min(offset, 10_000))

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> Any:
        """Change one column of one row from the list."""
        names = [n for n in self.spec.screen.edit_in_list if n in request.form]
        if len(names) != 1:
            return self._missing()
        row = self.get_one(request.form.get("list_form_pk"), "edit")
        if row is None:
            return self._missing()
        if request.form.get("revisi", type=int) != row.revisi:
            raise DataBerubahError(
                N_("Data ini baru saja diubah orang lain. Muat ulang daftarnya.")
            )
        field = self.editor.single(names[0], request.form)
        if not field.validate():
            raise DataTidakValidError({names[0]: str(field.summary()[0][2])})
        columns = self.spec.pick((names[0],))
        save(self.db(), self.spec, row, lambda: populate(field, columns, row, editing=True))
        self.db().commit()
        text = show(columns[0], getattr(row, names[0]))
        return {"message": gettext("Tersimpan."), "revisi": row.revisi, "text": text}
