"""API schemas of an entity: what is read and what is written, with Indonesian messages."""

from collections.abc import Sequence
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from app.generator.fields import KINDS, mask_middle, mask_numbers
from app.generator.spec import FieldSpec
from app.teks import N_

REQUIRED = N_("Wajib diisi.")
INVALID = N_("Nilai tidak sesuai jenis kolom ini.")

MESSAGES: dict[str, Any] = {
    "required": REQUIRED,
    "null": REQUIRED,
    "validator_failed": INVALID,
} | dict.fromkeys(
    ("invalid", "invalid_utf8", "too_large", "special", "format", "invalid_awareness", "type"),
    INVALID,
)


class InputSchema(Schema):
    """A body to write; a column it does not name is refused."""

    error_messages = {
        "unknown": N_("Kolom ini tidak dikenal atau tidak boleh diisi."),
        "type": N_("Kirim objek JSON."),
    }

    class Meta:
        unknown = RAISE


class _Masked(fields.String):
    """A sensitive value, masked on the way out."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else mask_middle(str(value))


class _LongText(fields.String):
    """Free text; a NIK somebody wrote into it is masked, as on the screens."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else mask_numbers(str(value))


def output_field(spec: FieldSpec) -> fields.Field[Any]:
    """Return the field of one column as the API shows it."""
    facts: dict[str, Any] = {"metadata": {"description": spec.label}}
    if spec.mask:
        return _Masked(**facts)
    if spec.kind == "teks_panjang":
        return _LongText(**facts)
    kind = KINDS[spec.kind]
    options = {k: v for k, v in kind.schema_args.items() if k == "as_string"}
    return kind.schema(**facts, **options)


def input_field(spec: FieldSpec) -> fields.Field[Any]:
    """Return the field of one column as the API takes it."""
    kind = KINDS[spec.kind]
    validators: list[Any] = []
    if spec.length:
        message = str(N_("Isian terlalu panjang."))
        validators.append(validate.Length(max=spec.length, error=message))
    if spec.choices:
        validators.append(
            validate.OneOf([v for v, _ in spec.choices], error=N_("Pilihan tidak dikenal."))
        )
    return kind.schema(
        required=spec.required,
        allow_none=spec.nullable or not spec.required,
        validate=validators,
        error_messages=MESSAGES,
        metadata={"description": " ".join(filter(None, (spec.label, spec.help)))},
        **kind.schema_args,
    )


def output_schema(name: str, specs: Sequence[FieldSpec]) -> type[Schema]:
    """Return the schema of a row as shown: the columns, and the title of each related row."""
    members: dict[str, Any] = {"id": fields.Integer(), "revisi": fields.Integer()}
    members |= {s.name: output_field(s) for s in specs if not s.virtual}
    members |= {
        s.relation: fields.String(metadata={"description": s.label})
        for s in specs
        if s.relation is not None
    }
    return Schema.from_dict(members, name=name)


def input_schema(name: str, specs: Sequence[FieldSpec]) -> type[Schema]:
    """Return the schema of a body; ``revisi`` may be sent to guard against a stale edit."""
    members: dict[str, Any] = {s.name: input_field(s) for s in specs}
    members["revisi"] = fields.Integer(error_messages=MESSAGES)
    return InputSchema.from_dict(members, name=name)


def field_messages(error: ValidationError) -> dict[str, str]:
    """Return one message for each field that the schema refuses."""
    messages = error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}
    return {str(k): str(v[0]) if isinstance(v, list) else INVALID for k, v in messages.items()}
