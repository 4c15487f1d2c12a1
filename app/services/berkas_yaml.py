"""Reads YAML text into nodes that keep their line, and nodes into values with a line per mistake.

Stricter than YAML allows: no aliases (a small file could unfold into a huge one), no dates (a
version number must not become one), no key twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from sqlalchemy import JSON, Boolean, Column, Date, Enum, Integer, Numeric, String

from app.models.validation import INTEGER_LIMIT
from app.teks import N_

PANJANG_MAKS = 500_000
"""Longest text that is read, in characters."""

Simpul = yaml.Node


@dataclass(frozen=True)
class Kesalahan:
    """One mistake in a file: its line from 1, and an Indonesian msgid with its params."""

    baris: int
    pesan: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.pesan % self.params if self.params else self.pesan


class BerkasKeliruError(ValueError):
    """The text is no YAML at all, or uses what we refuse."""

    def __init__(self, kesalahan: Kesalahan) -> None:
        super().__init__(str(kesalahan))
        self.kesalahan = kesalahan


class _Loader(yaml.SafeLoader):
    """The safe loader without timestamps and aliases."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in rows if not tag.endswith(":timestamp")]
        for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise BerkasKeliruError(
                Kesalahan(mark.line + 1, N_("Rujukan YAML (*nama) tidak dipakai di sini."))
            )
        return super().compose_node(parent, index)


def compose(text: str) -> Simpul | None:
    """Return the node of the one document in a text; None where it is empty.

    Raises:
        BerkasKeliruError: too long, nested too deep, or no YAML.
    """
    if len(text) > PANJANG_MAKS:
        raise BerkasKeliruError(Kesalahan(1, N_("Berkas terlalu besar.")))
    try:
        loader = _Loader(text)
        try:
            found: Simpul | None = loader.get_single_node()
        finally:
            loader.dispose()
    except RecursionError as error:
        raise BerkasKeliruError(Kesalahan(1, N_("Susunan berkas terlalu dalam."))) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise BerkasKeliruError(
            Kesalahan(line, N_("Bukan YAML yang benar di dekat baris ini."))
        ) from error
    return found


def line_of(node: Simpul) -> int:
    """Return the line where a node starts, from 1."""
    return int(node.start_mark.line) + 1


def plain(node: Simpul) -> Any:
    """Return the value of a node as JSON would hold it.

    Raises:
        yaml.YAMLError: a tag that is not plain data.
    """
    if isinstance(node, yaml.MappingNode):
        return {plain(key): plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    loader = _Loader("")
    try:
        return loader.construct_object(node, deep=True)
    finally:
        loader.dispose()


class Pembaca:
    """Reads nodes and collects every mistake it meets, in ``kesalahan``."""

    def __init__(self) -> None:
        self.kesalahan: list[Kesalahan] = []

    def complain(self, node: Simpul, pesan: str, **params: object) -> None:
        """Note a mistake at a node."""
        self.kesalahan.append(Kesalahan(line_of(node), pesan, params))

    def mapping(self, node: Simpul, known: Mapping[str, Any]) -> dict[str, Simpul]:
        """Return key → node of a mapping; unknown and doubled keys are mistakes."""
        if not isinstance(node, yaml.MappingNode):
            self.complain(node, N_("Di sini harus ada pasangan kunci: nilai."))
            return {}
        found: dict[str, Simpul] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in known:
                self.complain(key, N_("Kunci %(kunci)s tidak dikenal."), kunci=name[:40])
            elif name in found:
                self.complain(key, N_("Kunci %(kunci)s ditulis dua kali."), kunci=name)
            else:
                found[name] = value
        return found

    def items(self, node: Simpul | None) -> list[Simpul]:
        """Return the nodes of a list; nothing where it is left out."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.complain(node, N_("Di sini harus ada daftar."))
            return []
        return list(node.value)

    def columns(
        self, owner: Simpul, nodes: Mapping[str, Simpul], columns: Mapping[str, Column[Any]]
    ) -> dict[str, Any]:
        """Return key → value of those given, each as its column takes it; what is due is named."""
        values: dict[str, Any] = {}
        for name, column in columns.items():
            node = nodes.get(name)
            if node is None:
                if not column.nullable and column.default is None:
                    self.complain(owner, N_("Kunci %(kunci)s wajib diisi."), kunci=name)
                continue
            before = len(self.kesalahan)
            value = self.value(node, name, column)
            if len(self.kesalahan) == before:
                values[name] = value
        return values

    def value(self, node: Simpul, name: str, column: Column[Any]) -> Any:
        """Return one value as its column takes it, or note why it cannot."""
        try:
            value = plain(node)
        except (yaml.YAMLError, TypeError, ValueError):
            self.complain(node, N_("Nilai %(kunci)s tidak dapat dibaca."), kunci=name)
            return None
        if value is None and column.nullable:
            return None
        if isinstance(column.type, Date):
            value = _date(value)
        pesan = _mistake(value, column)
        if pesan:
            self.complain(node, pesan, kunci=name)
        return value


def _date(value: Any) -> Any:
    """Return the date of "2026-11-24", or the value as it is."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value


def _mistake(value: Any, column: Column[Any]) -> str:
    """Return what is wrong with a value for a column, as a msgid; "" where it fits."""
    match column.type:
        case Enum():
            known = isinstance(value, str) and value in column.type.enums
            return "" if known else N_("Nilai %(kunci)s tidak ada pada daftarnya.")
        case Boolean():
            return "" if isinstance(value, bool) else N_("Isi %(kunci)s dengan true atau false.")
        case Date():
            return "" if isinstance(value, date) else N_("Tulis %(kunci)s seperti 2026-11-24.")
        case Integer() | Numeric():
            return _number_mistake(value)
        case JSON():
            return "" if _is_json(value) else N_("Nilai %(kunci)s tidak dapat disimpan.")
        case String():
            return _text_mistake(value, column)
    raise TypeError(f"no rule for a column of type {column.type!r}")


def _number_mistake(value: Any) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return N_("Isi %(kunci)s dengan angka bulat.")
    if value < 0:
        return N_("Nilai %(kunci)s tidak boleh kurang dari nol.")
    return N_("Nilai %(kunci)s terlalu besar.") if value > INTEGER_LIMIT else ""


def _text_mistake(value: Any, column: Column[Any]) -> str:
    if not isinstance(value, str):
        return N_("Isi %(kunci)s dengan teks; beri tanda kutip bila berupa angka.")
    if not value.strip() and not column.nullable:
        return N_("Kunci %(kunci)s wajib diisi.")
    if not _is_storable(value):
        return N_("Nilai %(kunci)s memuat huruf yang tidak dapat disimpan.")
    length = getattr(column.type, "length", None)
    return N_("Nilai %(kunci)s terlalu panjang.") if length and len(value) > length else ""


def _is_json(value: Any) -> bool:
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError):
        return False
    return _is_storable(text) and "\\u0000" not in text and json.loads(text) == value


def _is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
