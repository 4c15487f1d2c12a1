"""Languages of the screens: how much of each is translated, and how a new one begins."""

import io
from collections.abc import Collection, Mapping
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from app.errors import DataTidakValidError
from app.generator.spec import EntitySpec
from app.generator.texts import Msgid, due_messages, list_messages
from app.teks import N_

FOLDER = Path("translations")
SOURCE = "id"
"""Our own texts are written in this language; the hosts' texts are translated into it."""

DOMAINS = ("messages", "admin")
"""Catalogues of a language: ours with Flask-AppBuilder's and WTForms', and Flask-Admin's."""


def add_language(root: Path, code: str, specs: Collection[EntitySpec]) -> list[Path]:
    """Write the catalogues of a new language below ``root``; return the files to translate.

    Our texts begin empty, so that the screen shows them in Indonesian until they are translated;
    the hosts' begin with their Indonesian words, since their own are English.

    Raises:
        DataTidakValidError: the code is no language, or is there already.
    """
    try:
        locale = Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        raise DataTidakValidError({"kode": N_("Kode bahasa tidak dikenal.")}) from None
    folder = root / FOLDER / str(locale) / "LC_MESSAGES"
    if folder.exists():
        raise DataTidakValidError({"kode": N_("Bahasa ini sudah ada.")})
    folder.mkdir(parents=True)
    ours = list_messages(root, specs)
    return [
        _write(folder / f"{domain}.po", locale, _hosts(root, domain), ours, domain)
        for domain in DOMAINS
    ]


def _hosts(root: Path, domain: str) -> Catalog:
    path = root / FOLDER / SOURCE / "LC_MESSAGES" / f"{domain}.po"
    return read_po(io.BytesIO(path.read_bytes()))


def _write(
    path: Path, locale: Locale, hosts: Catalog, ours: Mapping[Msgid, str], domain: str
) -> Path:
    catalogue = Catalog(locale=locale, project="bangkit", charset="utf-8", fuzzy=False)
    for message in hosts:
        if message.id:
            catalogue.add(message.id, message.string)
    if domain == DOMAINS[0]:
        for msgid, place in ours.items():
            catalogue.add(msgid, locations=[(place, 0)])
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, include_lineno=False)
    return path


def coverage(root: Path, specs: Collection[EntitySpec]) -> list[tuple[str, str, int, int]]:
    """Return (code, own name, translated, all) of our texts for each language, by code."""
    ours = list(list_messages(root, specs))
    rows = []
    for folder in sorted(path for path in (root / FOLDER).iterdir() if path.is_dir()):
        name = Locale.parse(folder.name).get_display_name(folder.name) or folder.name
        done = len(ours)
        if folder.name != SOURCE:
            catalogue = (folder / "LC_MESSAGES" / "messages.po").read_bytes()
            done -= len(due_messages(catalogue, ours))
        rows.append((folder.name, name, done, len(ours)))
    return rows
