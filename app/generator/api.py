"""REST API of one entity on Flask-AppBuilder's `ModelRestApi`: routes, JWT and OpenAPI are its.

Rows are read and written by the same functions as the screens, so scope, masks, rules and
messages agree; each request has its own filters (DESIGN §7.1). Signed in by JWT only.
"""

from collections.abc import Mapping
from typing import Any

import prison
from flask import jsonify, request
from flask_appbuilder.api import ModelRestApi
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext
from marshmallow import ValidationError

from app.errors import BangkitError, DataBerubahError, DataTidakValidError, TidakDitemukanError
from app.generator import listing as rows
from app.generator.api_export import ExportApi
from app.generator.filters import OPERATORS, operators_of
from app.generator.host import Record
from app.generator.listing import Listing
from app.generator.lookups import Lookup
from app.generator.schemas import field_messages, input_schema, output_schema
from app.generator.spec import EntitySpec
from app.generator.writing import STALE, assign, delete, save
from app.models.policy import current_pelaku
from app.teks import N_

ROUTE_BY_ACTION = {
    "list": ("get_list", "info"),
    "show": ("get",),
    "add": ("post",),
    "edit": ("put",),
    "delete": ("delete",),
    "export": ("ekspor_jsonl",),
}


class SpecApi(ExportApi, ModelRestApi):
    """The API of ``spec``; subclasses are made by `build_api`."""

    spec: EntitySpec
    specs: Mapping[str, EntitySpec]
    allow_browser_login = False

    def create_blueprint(self, *args: Any, **kwargs: Any) -> Any:
        blueprint = super().create_blueprint(*args, **kwargs)
        blueprint.before_request(_refuse_unclosed)
        return blueprint

    def _init_properties(self) -> None:
        spec = self.spec
        detail = tuple(dict.fromkeys(n for names in spec.detail.values() for n in names))
        self.list_columns = list(spec.screen.list)
        self.show_columns = [n for n in detail if not spec.fields[n].virtual]
        self.add_columns = self.edit_columns = list(spec.form_names)
        self.order_columns = list(spec.sortable)
        self.label_columns = {f.name: f.label for f in spec.fields.values()}
        self.description_columns = {f.name: f.help for f in spec.fields.values() if f.help}
        self.list_title = self.title = spec.screen.plural
        self.show_title = self.add_title = self.edit_title = spec.screen.label
        self._base_filters = self._filters = None

    def _init_model_schemas(self) -> None:
        name, spec = type(self).__name__, self.spec
        self.list_model_schema = output_schema(f"{name}List", spec.pick(self.list_columns))()
        self.show_model_schema = output_schema(f"{name}Show", spec.pick(self.show_columns))()
        self.add_model_schema = input_schema(f"{name}Add", spec.pick(spec.form_names))()
        self.edit_model_schema = input_schema(f"{name}Edit", spec.pick(spec.form_names))()

    # Reading.

    def get_list_headless(self, **kwargs: Any) -> Any:
        return self._answer(self._get_list, kwargs.get("rison", {}))

    def _get_list(self, args: Mapping[str, Any]) -> Any:
        session = self.datamodel.session
        listing = self._listing(args)
        size = min(max(int(args.get("page_size") or self.page_size), 1), 100)
        page = min(max(int(args.get("page") or 0), 0), 1_000_000)
        found = rows.page(session, listing, self.specs, offset=page * size, limit=size)
        response: dict[str, Any] = {}
        self.set_response_key_mappings(response, self.get_list, dict(args))
        result = [self._as_dict(listing, row) for row in found]
        response["result"] = self.list_model_schema.dump(result, many=True)
        response["ids"] = [row.id for row in found]
        response["count"] = rows.count(session, listing, self.specs)
        return self.response(200, **response)

    def _listing(self, args: Mapping[str, Any]) -> Listing:
        clauses = tuple(
            (str(f.get("col")), str(f.get("opr")), str(f.get("value")))
            for f in args.get("filters", [])
        )
        column = args.get("order_column")
        if column and column not in self.order_columns:
            raise DataTidakValidError({str(column): N_("Kolom ini tidak dapat diurutkan.")})
        descending = args.get("order_direction") == "desc"
        order = f"-{column}" if column and descending else column
        return Listing(self.spec, tuple(self.list_columns), filters=clauses, order=order, raw=True)

    def _as_dict(self, listing: Listing, row: Any) -> dict[str, Any]:
        names = [*listing.names]
        names += [str(self.spec.fields[n].relation) for n in rows.relations(listing)]
        return {"id": row.id, "revisi": row.revisi, **dict(zip(names, row[2:], strict=True))}

    def get_headless(self, pk: Any, **kwargs: Any) -> Any:
        return self._answer(self._get, pk, kwargs.get("rison", {}))

    def _get(self, pk: Any, args: Mapping[str, Any]) -> Any:
        row = self._load(pk, "show")
        response: dict[str, Any] = {}
        self.set_response_key_mappings(response, self.get, dict(args))
        response |= {"id": row.id, "result": self._shown(row)}
        return self.response(200, **response)

    def _shown(self, row: Any) -> Any:
        model: Any = self.spec.model
        where = model.id == row.id
        listing = Listing(self.spec, tuple(self.show_columns), where=where, raw=True, action="show")
        found = rows.page(self.datamodel.session, listing, self.specs, offset=0, limit=1)
        return self.show_model_schema.dump(self._as_dict(listing, found[0])) if found else {}

    def info_headless(self, **kwargs: Any) -> Any:
        pelaku = current_pelaku(self.datamodel.session)
        granted = [a for a in self.spec.actions if pelaku and pelaku.may(self.spec.resource, a)]
        filters = {
            f.name: [{"name": gettext(OPERATORS[o].label), "operator": o} for o in operators_of(f)]
            for f in self.spec.pick(self.spec.screen.filter)
        }
        columns = [
            {
                "name": f.name,
                "label": gettext(f.label),
                "description": gettext(f.help) if f.help else "",
                "type": f.kind,
                "required": f.required,
            }
            for f in self.spec.pick(self.spec.form_names)
        ]
        return self.response(
            200, permissions=granted, filters=filters, add_columns=columns, edit_columns=columns
        )

    # Writing.

    def post_headless(self) -> Any:
        return self._answer(self._post)

    def _post(self) -> Any:
        values = self._body(self.add_model_schema, partial=False)
        row: Any = self.spec.model()
        session = self.datamodel.session
        save(session, self.spec, row, lambda: assign(row, values))
        session.commit()
        return self.response(201, id=row.id, result=self._shown(row))

    def put_headless(self, pk: Any) -> Any:
        return self._answer(self._put, pk)

    def _put(self, pk: Any) -> Any:
        row = self._load(pk, "edit")
        values = self._body(self.edit_model_schema, partial=True)
        if values.pop("revisi", row.revisi) != row.revisi:
            raise DataBerubahError(STALE)
        for name in [n for n in values if self.spec.fields[n].mask and values[n] is None]:
            del values[name]
        session = self.datamodel.session
        save(session, self.spec, row, lambda: assign(row, values))
        session.commit()
        return self.response(200, id=row.id, result=self._shown(row))

    def delete_headless(self, pk: Any) -> Any:
        return self._answer(self._delete, pk)

    def _delete(self, pk: Any) -> Any:
        row = self._load(pk, "delete")
        delete(self.datamodel.session, self.spec, row)
        self.datamodel.session.commit()
        return self.response(200, message=gettext("Data sudah dihapus."))

    def _load(self, pk: Any, action: str) -> Any:
        row = rows.load(self.datamodel.session, self.spec, pk, action)
        if row is None:
            raise TidakDitemukanError
        return row

    def _body(self, schema: Any, *, partial: bool) -> dict[str, Any]:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise BangkitError(N_("Kirim isi permintaan sebagai objek JSON."))
        try:
            values: dict[str, Any] = schema.load(body, partial=partial)
        except ValidationError as error:
            raise DataTidakValidError(field_messages(error)) from error
        for name, value in values.items():
            field = self.spec.fields.get(name)
            if field is None or field.target is None or value is None:
                continue
            lookup = Lookup(lambda: self.datamodel.session, self.specs, field, self.spec)
            if not 0 < value < 2**31 or lookup.find(value) is None:
                raise DataTidakValidError(
                    {name: N_("Pilihan ini tidak ada atau di luar wilayah Anda.")}
                )
        return values

    def _answer(self, work: Any, *args: Any) -> Any:
        """Run ``work``; show a refusal in the one error shape of the API."""
        try:
            return work(*args)
        except BangkitError as error:
            self.datamodel.session.rollback()
            return jsonify(error_body(error)), error.status


def _refuse_unclosed() -> None:
    """Refuse a ``q`` that ends too early: the host's parser would run on, or fall over."""
    query = request.args.get("q")
    if not query:
        return
    try:
        prison.loads(query)
    except (RecursionError, TypeError, IndexError) as error:
        raise BangkitError(N_("Parameter q tidak dapat dibaca.")) from error
    except prison.decoder.ParserException:
        return  # the host answers, or reads it as JSON


def error_body(error: BangkitError) -> dict[str, Any]:
    """Return the one JSON shape of an error: message, code, and fields where it has some."""
    body: dict[str, Any] = {
        "message": gettext(error.message) % error.params,
        "code": error.code,
    }
    if isinstance(error, DataTidakValidError):
        body["fields"] = {k: gettext(m) % error.params for k, m in error.fields.items()}
    return body


def build_api(spec: EntitySpec, specs: Mapping[str, EntitySpec], record: Record) -> type[SpecApi]:
    """Return the API class of an entity: only the routes some peran is granted."""
    routes = {route for action in spec.actions for route in ROUTE_BY_ACTION.get(action, ())}
    permissions = {r: action for action, names in ROUTE_BY_ACTION.items() for r in names}
    return type(
        f"{spec.resource}Api",
        (SpecApi,),
        {
            "spec": spec,
            "specs": specs,
            "record": staticmethod(record),
            "datamodel": SQLAInterface(spec.model),
            "resource_name": spec.slug,
            "openapi_spec_tag": spec.screen.label,
            "class_permission_name": spec.resource,
            "method_permission_name": permissions,
            "base_permissions": [f"can_{action}" for action in spec.actions],
            "include_route_methods": routes,
        },
    )
