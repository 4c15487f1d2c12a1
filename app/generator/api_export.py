"""JSON Lines by API: all rows a list holds, streamed; rights, filters and masks are the list's."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import Response, current_app, request
from flask_appbuilder.api import expose, get_list_schema, permission_name, protect, rison, safe
from flask_babel import gettext

from app.generator.exports import Part, started
from app.generator.fields import mask_numbers
from app.generator.files import JSONL, Source, jsonl_file, reason_of
from app.generator.filters import OPERATORS
from app.generator.host import Record
from app.generator.listing import Listing, Specs
from app.generator.spec import EntitySpec
from app.models.policy import current_pelaku


class ExportApi:
    """The export route of an entity's API; mixed into `api.SpecApi`."""

    spec: EntitySpec
    specs: Specs
    datamodel: Any
    list_model_schema: Any
    record: Record
    _listing: Callable[..., Listing]
    _as_dict: Callable[..., dict[str, Any]]
    _answer: Callable[..., Any]

    @expose("/ekspor.jsonl", methods=["GET"])
    @protect()
    @safe
    @permission_name("ekspor_jsonl")
    @rison(get_list_schema)
    def ekspor_jsonl(self, **kwargs: Any) -> Any:
        """Send every row of a list
        ---
        get:
          description: >-
            All rows in one answer, one JSON object a line, with the filters and the order of the
            list. Each export is noted; a resource with sensitive columns needs a reason.
          parameters:
          - in: query
            name: q
            content:
              application/json:
                schema:
                  $ref: '#/components/schemas/get_list_schema'
          - in: query
            name: alasan
            description: Reason, 5 letters or more, where a sensitive column is among those sent
            schema:
              type: string
          responses:
            200:
              description: The rows, one a line
              content:
                application/x-ndjson:
                  schema:
                    $ref: '#/components/schemas/{{self.__class__.__name__}}.get_list'
            400:
              $ref: '#/components/responses/400'
            401:
              $ref: '#/components/responses/401'
            403:
              description: This person may not export
            422:
              $ref: '#/components/responses/422'
            503:
              description: Two exports are running
        """
        return self._answer(self._export, kwargs.get("rison", {}))

    def _export(self, args: Mapping[str, Any]) -> Response:
        session = self.datamodel.session
        pelaku = current_pelaku(session)
        if pelaku is None:
            raise TypeError("an export without a signed-in person")
        listing = replace(self._listing(args), action="export")
        reason = reason_of(request.args.get("alasan", ""), listing)
        source = Source(session.get_bind(), pelaku, listing, self.specs)
        parts: Iterator[Part] = jsonl_file(source, lambda found: self._dumped(listing, found))
        app = current_app._get_current_object()  # type: ignore[attr-defined] # a proxy
        spec, record = self.spec, type(self).record

        def done(rows: int, sha256: str) -> None:
            with app.app_context():
                record(spec, pelaku, words, rows, sha256, reason)

        session.rollback()
        found = started(parts, done)  # refuses a filter that is none
        words = [self._word(*clause) for clause in listing.filters]
        return Response(found, mimetype=JSONL.mimetype)

    def _word(self, name: str, operator: str, value: str) -> str:
        """Return a filter as the note of an export tells it."""
        label, how = self.spec.fields[name].label, OPERATORS[operator].label
        return mask_numbers(f"{gettext(label)} {gettext(how)} {value}")

    def _dumped(self, listing: Listing, found: Any) -> list[dict[str, Any]]:
        shown = [self._as_dict(listing, row) for row in found]
        dumped: list[dict[str, Any]] = self.list_model_schema.dump(shown, many=True)
        return dumped
