"""Reads a mapped class once into frozen specs; everything else in the generator sees only those.

The only reader of mappers. A model that leaves something unsaid fails here, at start, with the
file and the line to edit.
"""

import inspect
from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect as mapper_of
from sqlalchemy.orm import ColumnProperty, Mapper, RelationshipDirection

from app.generator.fields import kind_of
from app.generator.spec import ChildSpec, EntitySpec, FieldSpec
from app.models.base import (
    AREA_COLUMNS,
    TECHNICAL_COLUMNS,
    AreaMixin,
    Entity,
    Screen,
    snake_case,
)
from app.models.ganda import duplicate_key

NEVER_KEPT = frozenset({"nik", "sandi", "email", "telepon"})
"""Kinds that no browser keeps as a draft, in whatever table."""


class ModelKurangLengkapError(Exception):
    """A model leaves something unsaid; the message names file, line and what to write there."""


def describe(model: type[Entity]) -> EntitySpec:
    """Read ``model`` into its `EntitySpec`.

    Raises:
        ModelKurangLengkapError: a column without label, of unknown type, or neither shown nor
            hidden; a name in `Screen` that is no column.
    """
    mapper: Mapper[Any] = mapper_of(model)
    screen = model.screen
    fields: dict[str, FieldSpec] = {}
    for attribute in mapper.column_attrs:
        if attribute.key in TECHNICAL_COLUMNS:
            continue
        if attribute.key in AREA_COLUMNS and issubclass(model, AreaMixin):
            continue
        fields[attribute.key] = _describe_column(model, mapper, attribute)
    for name, info in getattr(model, "virtual", {}).items():
        fields[name] = FieldSpec(
            name, info["label"], info["kind"], help=info["help"], length=128, virtual=True
        )
    spec = EntitySpec(
        resource=model.__name__,
        slug=snake_case(model.__name__),
        screen=screen,
        model=model,
        fields=fields,
        inline=tuple(_describe_child(model, mapper, name) for name in screen.inline),
        related=tuple(_describe_child(model, mapper, name) for name in screen.related),
    )
    _check_screen(spec)
    return spec


def _describe_column(
    model: type[Entity], mapper: Mapper[Any], attribute: ColumnProperty[Any]
) -> FieldSpec:
    column: Any = attribute.columns[0]
    name = attribute.key
    facts = column.info
    if not facts.get("label"):
        raise _incomplete(model, name, f"kolom {name} belum punya label: info=label(…)")
    try:
        kind = facts.get("kind") or ("relasi" if column.foreign_keys else kind_of(column.type))
    except TypeError as error:
        raise _incomplete(model, name, f"kolom {name}: {error}") from error
    relation, target = _relation_of(model, mapper, name) if kind == "relasi" else (None, None)
    enum = getattr(column.type, "enum_class", None)
    default = column.default.arg if column.default is not None else None
    return FieldSpec(
        name=name,
        label=facts["label"],
        kind=kind,
        required=not column.nullable and column.default is None and kind != "ya_tidak",
        nullable=bool(column.nullable),
        help=facts["help"],
        unit=facts["unit"],
        length=getattr(column.type, "length", None) if kind != "pilihan" else None,
        scale=getattr(column.type, "scale", None),
        choices=tuple((m.value, m.label) for m in enum) if enum else (),
        default=default if not callable(default) else None,
        relation=relation,
        target=target,
        pick=tuple(sorted(facts["pick"].items())),
        mask=model.screen.sensitive.get(name),
        keep=_may_be_kept(model.screen, kind),
        unique=bool(column.unique),
    )


def _may_be_kept(screen: Screen, kind: str) -> bool:
    """Whether a draft may hold it: nothing of a table with a wilayah, whose rows are people's."""
    return screen.scope is None and not screen.sensitive and kind not in NEVER_KEPT


def _relation_of(
    model: type[Entity], mapper: Mapper[Any], column: str
) -> tuple[str | None, str | None]:
    if column in model.screen.hidden:
        return None, None
    for relation in mapper.relationships:
        if relation.direction is RelationshipDirection.MANYTOONE and {
            mapper.get_property_by_column(c).key for c in relation.local_columns
        } == {column}:
            return relation.key, relation.mapper.class_.__name__
    raise _incomplete(model, column, f"kunci asing {column} belum punya relationship()")


def _describe_child(model: type[Entity], mapper: Mapper[Any], name: str) -> ChildSpec:
    relation = mapper.relationships.get(name)
    if relation is None or relation.direction is not RelationshipDirection.ONETOMANY:
        raise _incomplete(model, name, f"{name} bukan relationship() ke banyak baris")
    (key,) = (relation.mapper.get_property_by_column(c).key for c in relation.remote_side)
    return ChildSpec(name, relation.mapper.class_.__name__, key)


def _check_screen(spec: EntitySpec) -> None:
    screen = spec.screen
    shown = {*screen.list, *spec.form_names, *(n for s in screen.detail.values() for n in s)}
    named = {
        *shown,
        *screen.hidden,
        *screen.search,
        *screen.filter,
        *screen.export,
        *screen.edit_in_list,
        *screen.sensitive,
        *screen.duplicates,
        *(name.lstrip("-") for name in screen.order if name.lstrip("-") != "id"),
        screen.title,
    }
    for name in sorted(named - set(spec.fields) - TECHNICAL_COLUMNS):
        raise _incomplete(spec.model, name, f"Screen menyebut {name}, yang bukan kolom")
    for name in spec.fields:
        if name not in shown and name not in screen.hidden:
            raise _incomplete(
                spec.model, name, f"kolom {name} tidak ditampilkan dan tidak disembunyikan"
            )
    for name in sorted({*screen.filter, *screen.search} & set(screen.hidden)):
        raise _incomplete(spec.model, name, f"kolom tersembunyi {name} tidak boleh disaring")
    for name in sorted(set(screen.edit_in_list) - set(screen.list)):
        raise _incomplete(spec.model, name, f"{name} diubah di daftar tetapi tidak ada di daftar")
    _check_access(spec)


def _check_access(spec: EntitySpec) -> None:
    for action in spec.actions:
        # Spelt otherwise than its column, the right to look would open nothing.
        if action.startswith("buka_") and action.removeprefix("buka_") not in spec.screen.sensitive:
            raise _incomplete(spec.model, "access", f"{action} tidak menyebut kolom sensitive")
    for action in sorted({link[3] for link in spec.screen.links} - set(spec.actions)):
        raise _incomplete(spec.model, "links", f"links: {action} tidak diberikan di access")
    if "import" in spec.actions:
        _check_import(spec)
    if spec.screen.duplicates:
        _check_duplicates(spec)
    if {"add", "edit"} & set(spec.actions) and not spec.screen.form:
        raise _incomplete(spec.model, "form", "access memberi add/edit tetapi Screen.form kosong")


def _check_duplicates(spec: EntitySpec) -> None:
    if not all(duplicate_key(spec.model)):
        raise _incomplete(
            spec.model, "duplicates", "duplicates butuh satu kolom teks dan satu kolom bukan teks"
        )
    if set(spec.screen.duplicates) & {*spec.screen.sensitive, *spec.screen.hidden}:
        raise _incomplete(spec.model, "duplicates", "duplicates tidak boleh kolom tersembunyi")


def _check_import(spec: EntitySpec) -> None:
    screen = spec.screen
    if not screen.key or set(screen.key) - set(spec.form_names):
        raise _incomplete(spec.model, "key", "impor butuh Screen.key dari kolom yang ada di form")
    if screen.changeable is not None:
        raise _incomplete(spec.model, "changeable", "impor belum mengenal baris yang tetap")
    if screen.scope is not None and not spec.has_area:
        raise _incomplete(spec.model, "scope", "impor butuh kolom wilayah pada barisnya sendiri")


def _incomplete(model: type[Entity], name: str, problem: str) -> ModelKurangLengkapError:
    """Point at the line of the model file that mentions ``name``, else at the class."""
    lines, start = inspect.getsourcelines(model)
    offset = next((i for i, line in enumerate(lines) if line.strip().startswith(f"{name}:")), 0)
    return ModelKurangLengkapError(
        f"{inspect.getsourcefile(model)}:{start + offset}: {model.__name__}: {problem}"
    )


def describe_all(models: Iterable[type[Entity]]) -> dict[str, EntitySpec]:
    """Return the spec of every model by its resource, in the order given.

    Raises:
        ModelKurangLengkapError: a model is incomplete, or points at one without a screen.
    """
    specs = {model.__name__: describe(model) for model in models}
    for spec in specs.values():
        targets = {f.name: f.target for f in spec.fields.values() if f.target}
        children = {c.relation: c.resource for c in (*spec.inline, *spec.related)}
        for name, target in (targets | children).items():
            if target not in specs:
                raise _incomplete(spec.model, name, f"{name} menunjuk {target} yang tanpa Screen")
    return specs
