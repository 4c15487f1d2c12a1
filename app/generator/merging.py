"""The doors to duplicates: the groups that were found, and the merge of two rows."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request
from flask_admin.base import expose
from flask_babel import gettext

from app.errors import BangkitError, DataBerubahError, DataTidakValidError
from app.generator import duplicates, merges
from app.generator.fields import label_of
from app.generator.listing import Listing, cells, page, permitted
from app.generator.restoring import RestoringView, number_of
from app.generator.writing import STALE, said
from app.teks import N_


class MergingView(RestoringView):
    """The part of an entity's screens that finds duplicates and merges them."""

    @expose("/ganda/")
    def duplicates_view(self) -> Any:
        """Show groups of rows that may be one: equal, or with ``mirip`` alike."""
        if not self.spec.screen.duplicates:
            return self._missing()
        mirip = "mirip" in request.args
        after = number_of(request.args.get("sesudah"))
        find = duplicates.alike if mirip else duplicates.equal
        found = find(self.db(), self.spec, after)
        way = {"mirip": 1} if mirip else {}
        names = dict.fromkeys((self.spec.screen.title, *self.spec.screen.duplicates))
        names |= dict.fromkeys(self.spec.screen.list)
        return self._draw(
            "data/ganda.html",
            mirip=mirip,
            ways=[
                (gettext(N_("Persis sama")), self.get_url(".duplicates_view"), not mirip),
                (gettext(N_("Mirip")), self.get_url(".duplicates_view", mirip=1), mirip),
            ],
            kolom=[label_of(f) for f in self.spec.pick(self.spec.screen.duplicates)],
            columns=[label_of(f) for f in self.spec.pick(names)],
            groups=self._groups(found, tuple(names)),
            next_url=self.get_url(".duplicates_view", sesudah=found.after, **way)
            if found.after
            else None,
            first_url=self.get_url(".duplicates_view", **way) if after else None,
            back_url=self.get_url(".index_view"),
        )

    def _groups(self, found: duplicates.Found, names: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return the groups as the page draws them; each row can be merged into the first."""
        ids = [id_ for group in found.groups for id_ in group.ids]
        model: Any = self.spec.model
        listing = Listing(self.spec, names, where=model.id.in_(ids), action=duplicates.ACTION)
        rows = page(self.db(), listing, self.specs, offset=0, limit=len(ids)) if ids else ()
        texts = {row.id: cells(listing, row) for row in rows}
        may = permitted(self.db(), self.spec, ids, ("show", "edit", "delete"))
        can_merge = may["edit"] & may["delete"]
        return [
            {
                "count": group.count,
                "more": group.count - len(group.ids),
                "rows": [
                    {
                        "cells": texts[id_],
                        "url": self.get_url(".details_view", id=id_)
                        if id_ in may["show"]
                        else None,
                        "merge_url": self.get_url(".merge_view", simpan=group.ids[0], lepas=id_)
                        if {id_, group.ids[0]} <= can_merge and id_ != group.ids[0]
                        else None,
                    }
                    for id_ in group.ids
                ],
            }
            for group in found.groups
        ]

    @expose("/ganda/gabung/", methods=("GET", "POST"))
    def merge_view(self) -> Any:
        """Show two rows side by side; on POST merge the one into the other."""
        pair = self._pair(request.values.get("simpan"), request.values.get("lepas"))
        if pair is None:
            return self._missing()
        if request.method != "POST":
            return self._merge_page(pair, merges.proposed(self.spec, *pair), [])
        names = {f.name for f in merges.differing(self.spec, *pair)}
        taken = {n for n in names if request.form.get(f"pilih-{n}") == "lepas"}
        kept_id, gone_id = (row.id for row in pair)
        try:
            self._merge(pair, taken)
        except BangkitError as error:
            self.db().rollback()
            pair = self._pair(kept_id, gone_id)
            if pair is None:
                return self._missing()
            return self._merge_page(pair, taken, said(self.spec, error)), error.status
        self.db().commit()
        flash(gettext(N_("Kedua data sudah digabung menjadi satu.")), "success")
        return redirect(self.get_url(".details_view", id=kept_id))

    def _pair(self, kept_id: object, gone_id: object) -> tuple[Any, Any] | None:
        """Return the row to keep and the row to let go, where the person may edit and delete."""
        ids = number_of(str(kept_id)), number_of(str(gone_id))
        if not self.spec.screen.duplicates or None in ids or ids[0] == ids[1]:
            return None
        rows = [self.get_one(id_, action) for id_ in ids for action in ("edit", "delete")]
        if None in rows:
            return None
        may = permitted(self.db(), self.spec, [rows[0].id, rows[2].id], ("edit", "delete"))
        if may["edit"] & may["delete"] != {rows[0].id, rows[2].id}:
            return None
        return rows[0], rows[2]

    def _merge(self, pair: tuple[Any, Any], taken: set[str]) -> None:
        for row, name in zip(pair, ("revisi_simpan", "revisi_lepas"), strict=True):
            if request.form.get(name, type=int) != row.revisi:
                raise DataBerubahError(STALE)
        note = request.form.get("alasan", "").replace("\x00", "").strip()[:500]
        if merges.clashing(self.spec, *pair) and len(note) < merges.SHORTEST_REASON:
            message = N_("Tulis mengapa keduanya pasti data yang sama, paling sedikit 5 huruf.")
            raise DataTidakValidError({"alasan": message})
        merges.merge(self.db(), self.spec, *pair, taken, note, self.history)

    def _merge_page(self, pair: tuple[Any, Any], taken: set[str], errors: Sequence[str]) -> str:
        return self._draw(
            "data/gabung.html",
            errors=errors,
            alasan=request.form.get("alasan", ""),
            **merges.merge_context(self, *pair, taken),
        )
