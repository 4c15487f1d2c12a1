"""The frozen specs that the generator's parts hand to each other: fields, children, entities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.models.base import AreaMixin, Entity, Screen
from app.models.indeks import LONGEST


@dataclass(frozen=True)
class FieldSpec:
    """One column as a person meets it. ``choices`` are (value, label); ``target`` a resource.

    ``keep``: the browser may keep what was typed as a draft, since it is nothing about a person.
    """

    name: str
    label: str
    kind: str
    required: bool = False
    nullable: bool = True
    help: str = ""
    unit: str = ""
    length: int | None = None
    scale: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    default: Any = None
    relation: str | None = None
    target: str | None = None
    pick: tuple[tuple[str, str], ...] = ()
    mask: str | None = None
    virtual: bool = False
    keep: bool = False
    unique: bool = False

    def __str__(self) -> str:
        facts = [self.kind]
        if self.target:
            facts[0] = f"{self.kind} → {self.target}"
        if self.pick:
            facts.append(", ".join(f"{k}={v}" for k, v in self.pick))
        if self.length:
            facts.append(f"≤ {self.length}")
        if self.choices:
            facts.append("|".join(value for value, _ in self.choices))
        if self.required:
            facts.append("wajib")
        if self.mask:
            facts.append("disamarkan")
        return f"{self.name}: {self.label} ({'; '.join(facts)})"


@dataclass(frozen=True)
class ChildSpec:
    """A list of rows under this one: ``key`` is the foreign key of the child to its parent."""

    relation: str
    resource: str
    key: str


@dataclass(frozen=True)
class EntitySpec:
    """All the generated screens of one model need to know, as plain data."""

    resource: str
    slug: str
    screen: Screen
    model: type[Entity] = field(repr=False)
    fields: Mapping[str, FieldSpec] = field(repr=False)
    inline: tuple[ChildSpec, ...] = ()
    related: tuple[ChildSpec, ...] = ()

    def pick(self, names: Iterable[str]) -> tuple[FieldSpec, ...]:
        """Return the specs of these fields, in this order."""
        return tuple(self.fields[name] for name in names)

    @property
    def form_names(self) -> tuple[str, ...]:
        """Fields a person may write, in the order of the form."""
        return tuple(name for names in self.screen.form.values() for name in names)

    @property
    def detail(self) -> Mapping[str, tuple[str, ...]]:
        """Sections of the details page: as declared, else those of the form, else the list."""
        sections = self.screen.detail or self.screen.form or {self.screen.label: self.screen.list}
        return {
            title: tuple(name for name in names if not self.fields[name].virtual)
            for title, names in sections.items()
        }

    @property
    def sortable(self) -> tuple[str, ...]:
        """Columns a list may be ordered by, each by an index (`app.models.indeks`); prose has none.

        The order of masked ones would tell what they hide.
        """
        listed = [f for f in self.pick(self.screen.list) if not f.mask]
        return tuple(
            f.name
            for f in listed
            if f.kind not in ("json", "teks_panjang") and (f.length or 0) <= LONGEST
        )

    @property
    def actions(self) -> tuple[str, ...]:
        """Every action some peran is granted, sorted."""
        return tuple(
            sorted({a for granted in self.screen.access.values() for a in granted.split()})
        )

    @property
    def is_scoped(self) -> bool:
        """Whether rows belong to a wilayah (DESIGN §3)."""
        return self.screen.scope is not None

    @property
    def has_area(self) -> bool:
        """Whether the table carries the four area columns."""
        return issubclass(self.model, AreaMixin)

    def __str__(self) -> str:
        screen = self.screen
        lines = [f"{self.resource} ({self.slug}) “{screen.label}” di menu {screen.menu}"]
        lines += [f"  {f}" for f in self.fields.values() if f.name not in screen.hidden]
        lines += [f"  daftar: {', '.join(screen.list)}"]
        lines += [f"  form {t}: {', '.join(names)}" for t, names in screen.form.items()]
        lines += [f"  cari: {', '.join(screen.search)}"] if screen.search else []
        lines += [f"  saring: {', '.join(screen.filter)}"] if screen.filter else []
        lines += [f"  tersembunyi: {', '.join(screen.hidden)}"] if screen.hidden else []
        lines += [f"  anak: {', '.join(c.resource for c in self.inline)}"] if self.inline else []
        lines += [f"  {peran}: {granted}" for peran, granted in screen.access.items()]
        return "\n".join(lines)
