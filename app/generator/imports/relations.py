"""Finds the rows that texts of a file point at, many at once and only those one may read."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.generator.imports.cells import plain, read_number_text
from app.generator.spec import EntitySpec, FieldSpec
from app.models.bulk import Areas, among, areas_of_units, chunks
from app.models.pelaku import Area
from app.teks import N_

UNKNOWN = N_("Tidak ditemukan di daftar %(plural)s. Tulis seperti %(contoh)s.")
UNKNOWN_KEY = N_(
    "Tidak ada %(label)s dengan nomor ini di wilayah Anda. Impor atau tambahkan %(label)s dahulu, "
    "atau kosongkan sel ini."
)
AMBIGUOUS = N_("Ada lebih dari satu %(label)s seperti ini di wilayah Anda. Tulis lengkap.")

MOST_LISTED = 100_000
"""A list longer than this is not read whole."""


class Relation:
    """Finds the rows of one relation column by their title, code or number.

    ``find`` gives (id, message): a row that lies elsewhere is told as one that is not there.
    """

    def __init__(
        self,
        session: Session,
        owner: EntitySpec,
        field: FieldSpec,
        target: EntitySpec,
        area: Area,
    ) -> None:
        self.session = session
        self.field = field
        self.target = target
        self.aliases = {
            plain(k): plain(v) for k, v in owner.screen.sheet.values.get(field.name, {}).items()
        }
        self.known: dict[str, int | None] = {}
        self.starts: dict[str, set[int]] = {}
        self.titles: dict[int, str] = {}
        self.by_key = target.is_scoped
        if not self.by_key:
            is_owner = field.name in (owner.screen.scope, owner.screen.write_scope)
            self._read_all(area if is_owner and target.screen.tree else None)

    @property
    def key(self) -> str:
        """The column that tells rows apart within what ``pick`` leaves."""
        picked = {name for name, _ in self.field.pick}
        names = [name for name in self.target.screen.key if name not in picked]
        return names[-1] if names else self.target.screen.title

    def _read_all(self, area: Area | None) -> None:
        model: Any = self.target.model
        title, key = getattr(model, self.target.screen.title), getattr(model, self.key)
        query = select(model.id, title, key)
        for name, value in self.field.pick:
            query = query.where(getattr(model, name) == value)
        rows = self.session.execute(query.order_by(model.id).limit(MOST_LISTED)).all()
        for id_, _, code in rows:
            self.known[self._spell(code)] = id_
        for id_, text, _ in rows:
            self.known[self._spell(text)] = id_
            self.titles[id_] = str(text)
        if area:
            self._read_starts([(id_, str(text)) for id_, text, _ in rows], area)

    def _read_starts(self, rows: list[tuple[int, str]], area: Area) -> None:
        """Let "RT 001/RW 002" do for "RT 001/RW 002 Pilang" where the person has only one."""
        areas: Areas = areas_of_units(self.session, [id_ for id_, _ in rows])
        for id_, text in rows:
            if not areas[id_].items() & area:
                continue
            words = self._spell(text).split(" ")
            for n in range(1, len(words)):
                self.starts.setdefault(" ".join(words[:n]), set()).add(id_)

    def _spell(self, text: object) -> str:
        spelt = plain(str(text))
        return self.aliases.get(spelt, spelt)

    def prepare(self, texts: Iterable[str]) -> None:
        """Look the texts of a batch up, where the list is too long to be held."""
        if not self.by_key:
            return
        model: Any = self.target.model
        column = getattr(model, self.key)
        new = {number for text in texts if (number := self._number(text)) not in self.known}
        self.known |= dict.fromkeys(new)
        for some in chunks(sorted(new)):
            for id_, number in self.session.execute(
                select(model.id, column).where(among(self.session, column, some))
            ):
                self.known[number] = id_

    def title_of(self, id_: int | None) -> str:
        """Return how a row is called in a preview; one with a number of its own stays unnamed."""
        return "" if id_ is None else self.titles.get(id_, "…")

    def _number(self, text: str) -> str:
        try:
            return str(read_number_text(text))
        except ValueError:
            return text

    def find(self, text: str) -> tuple[int | None, str, Mapping[str, str]]:
        """Return (id, "", {}) of the row meant, or (None, message, its parameters)."""
        found = self.known.get(self._number(text) if self.by_key else self._spell(text))
        if found is not None:
            return found, "", {}
        words = {"label": self.target.screen.label, "plural": self.target.screen.plural}
        if self.by_key:
            return None, UNKNOWN_KEY, words
        words["contoh"] = next(iter(self.titles.values()), "–")
        starting = self.starts.get(self._spell(text), set())
        if len(starting) == 1:
            return next(iter(starting)), "", {}
        return None, AMBIGUOUS if starting else UNKNOWN, words


def join_parts(target: EntitySpec, parts: Mapping[str, str]) -> str:
    """Return the title that several cells give together: "RT 001/RW 002 Pilang".

    A part that is not there leaves its place at the end empty.
    """
    sheet = target.screen.sheet
    filled = dict.fromkeys(sheet.parts, "")
    for name, text in parts.items():
        word, _, rest = text.strip().partition(" ")
        filled[name] = rest.strip() if word.lower() in sheet.noise and rest else text.strip()
    return sheet.path.format(**filled).strip()
