"""Texts that a model cannot give itself: glossary rows, translations, the reviewed access text.

The tests about documents name what is still due; `make sesuaikan` writes its stubs.
"""

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.generator.access import as_text
from app.generator.spec import EntitySpec, FieldSpec

README = Path("README.md")
CATALOGUE = Path("translations/en/LC_MESSAGES/messages.po")
ACCESS = Path("tests/access.txt")

GLOSSARY = "\n## Istilah\n"
TO_FILL = "…"
"""What a stub holds where a person has to write."""

TERM_HEADINGS = ("Tindakan", "Status")
"""A code list under one of these labels is part of the glossary, value by value."""

KEYWORDS = ("_", "_l", "N_", "gettext", "lazy_gettext", "ngettext:1,2")
"""The calls that mark a text for translation, as ``pybabel extract -k`` writes them."""

HAS_LETTER = re.compile(r"[^\W\d_]")
"""A unit such as "%" reads the same in every language."""

Msgid = str | tuple[str, ...]
"""A text to translate, or its singular and plural."""


def list_terms(specs: Iterable[EntitySpec]) -> dict[str, str]:
    """Return istilah → label of every table, peran, tindakan and status, sorted.

    A peran has no label here: its name is a row of the database.
    """
    terms: dict[str, str] = {}
    for spec in specs:
        terms |= {peran: terms.get(peran, TO_FILL) for peran in spec.screen.access}
        for field in spec.fields.values():
            if field.choices and field.label in TERM_HEADINGS:
                terms |= dict(field.choices)
    terms |= {spec.slug: spec.screen.label for spec in specs}
    return dict(sorted(terms.items()))


def glossary_rows(readme: str) -> dict[str, str]:
    """Return istilah → whole line of the table under "Istilah"."""
    section = readme.partition(GLOSSARY)[2].partition("\n## ")[0]
    return {m[1]: m[0] for m in re.finditer(r"^\| `(\w+)` \|.*$", section, re.MULTILINE)}


def term_stub(istilah: str, label: str) -> str:
    """Return the line to add to the glossary; the rest of it is for a person to fill in."""
    return f"| `{istilah}` | {label} | {TO_FILL} | {TO_FILL} | {TO_FILL} |"


def due_terms(readme: str, terms: Mapping[str, str]) -> dict[str, str]:
    """Return istilah → line to write, for terms without a row or with an unfilled one."""
    rows = glossary_rows(readme)
    return {
        istilah: rows.get(istilah) or term_stub(istilah, label)
        for istilah, label in terms.items()
        if f"| {TO_FILL} " in rows.get(istilah, f"| {TO_FILL} ")
    }


def add_terms(readme: str, terms: Mapping[str, str]) -> str:
    """Return the README with a row for each of ``terms`` in the glossary, all rows sorted."""
    rows = glossary_rows(readme)
    stubs = {istilah: term_stub(istilah, label) for istilah, label in terms.items()}
    merged = [line for _, line in sorted((stubs | rows).items())]
    return readme.replace("\n".join(rows.values()), "\n".join(merged))


def list_messages(root: Path, specs: Iterable[EntitySpec]) -> dict[Msgid, str]:
    """Return each text of ours → the file it stands in: marked in the code, or said by a spec."""
    with (root / "translations/babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]
    found: dict[Msgid, str] = {}
    for name, _, msgid, _, _ in sorted(
        extract_from_dir(root / "app", methods, options, parse_keywords(KEYWORDS)),
        key=lambda message: message[:2],
    ):
        found.setdefault(msgid, f"app/{name}")
    for spec in specs:
        for text in filter(HAS_LETTER.search, _texts_of(spec)):
            found.setdefault(text, spec.model.__module__.replace(".", "/") + ".py")
    return found


def _texts_of(spec: EntitySpec) -> Iterator[str]:
    screen = spec.screen
    texts = [screen.label, screen.plural, str(screen.menu), *screen.form, *screen.detail]
    for field in spec.fields.values():
        texts += _texts_of_field(field)
    yield from texts


def _texts_of_field(field: FieldSpec) -> list[str]:
    return [field.label, field.help, field.unit, *(label for _, label in field.choices)]


def due_messages(catalogue: bytes, msgids: Iterable[Msgid]) -> list[Msgid]:
    """Return the texts without a translation, or with one that is empty or marked as fuzzy."""
    done = {
        message.id
        for message in read_po(io.BytesIO(catalogue))
        if not message.fuzzy
        and message.string
        and (isinstance(message.string, str) or all(message.string))
    }
    return [msgid for msgid in msgids if msgid not in done]


def add_messages(catalogue: bytes, messages: Mapping[Msgid, str]) -> bytes:
    """Return the catalogue with an empty entry at its end for each text it does not know yet."""
    known = {message.id for message in read_po(io.BytesIO(catalogue))}
    added = Catalog(locale="en", charset="utf-8")
    for msgid, place in messages.items():
        if msgid not in known:
            added.add(msgid, locations=[(place, 0)])
    if not len(added):
        return catalogue
    text = io.BytesIO()
    write_po(text, added, width=100, omit_header=True, include_lineno=False)
    return catalogue.rstrip() + b"\n\n" + text.getvalue().strip() + b"\n"


def access_text(specs: Iterable[EntitySpec]) -> str:
    """Return the reviewed text of all rights, as it is stored."""
    return as_text(specs) + "\n"


def write_stubs(root: Path, specs: Collection[EntitySpec]) -> list[str]:
    """Write a stub for each text still due below ``root``; return lines that tell what is new."""
    readme = (root / README).read_text(encoding="utf-8")
    catalogue = (root / CATALOGUE).read_bytes()
    access = (root / ACCESS).read_text(encoding="utf-8") if (root / ACCESS).exists() else ""
    terms = list_terms(specs)
    messages = list_messages(root, specs)
    new_readme = add_terms(readme, terms)
    new_catalogue = add_messages(catalogue, messages)
    (root / README).write_text(new_readme, encoding="utf-8")
    (root / CATALOGUE).write_bytes(new_catalogue)
    (root / ACCESS).write_text(access_text(specs), encoding="utf-8")
    rows = sorted(set(new_readme.splitlines()) - set(readme.splitlines()))
    lines = sorted(set(access_text(specs).splitlines()) ^ set(access.splitlines()))
    return [
        *(f"{README}: tambah baris istilah {row}" for row in rows),
        *(f"{ACCESS}: periksa {line}" for line in lines),
        f"{README}: {len(due_terms(new_readme, terms))} istilah masih harus dilengkapi.",
        f"{CATALOGUE}: {len(due_messages(new_catalogue, messages))} terjemahan masih kosong.",
    ]
