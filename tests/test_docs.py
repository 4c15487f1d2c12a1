"""What is written about the project: README, glossary, English, reviewed rights, changelog.

A failure names the line to add; `make sesuaikan` writes the stubs of most.
"""

import re
from functools import cache

import pytest
from cogapp import Cog

from app.cli import bangkit
from app.generator.describe import describe_all
from app.generator.spec import EntitySpec
from app.generator.texts import (
    ACCESS,
    CATALOGUE,
    README,
    access_text,
    due_messages,
    due_terms,
    glossary_rows,
    list_messages,
    list_terms,
)
from app.models import discover
from app.models.berkas import StatusBerkas
from app.models.peran import SEMUA_PERAN
from app.models.riwayat import JenisRiwayat
from app.models.tahapan import AksiTahapan
from app.routing import JenisAksi
from config import PROJECT, SETTINGS

WORDS_OF_THE_DOMAIN = {"pemohon", "sampah", "tampilan"}
"""Rows of the glossary that stand for no screen, peran, tindakan or status."""


@cache
def specs() -> tuple[EntitySpec, ...]:
    return tuple(describe_all(discover()).values())


@cache
def readme() -> str:
    return (PROJECT / README).read_text(encoding="utf-8")


@cache
def cogged() -> str:
    """The README as its cog blocks make it now."""
    return str(Cog().process_string(readme(), "README.md"))


def section(title: str) -> str:
    """Return the text under a heading of the README."""
    found = readme().partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    assert found, f"README has no section {title}"
    return found


def row_of(name: str) -> str:
    """Return the line that cog writes for a setting or a command."""
    return next(line for line in cogged().splitlines() if line.startswith(f"| `{name}` |"))


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS])
def test_setting_is_documented(name: str) -> None:
    row = row_of(name)
    assert row in section("Settings").splitlines(), f"README, Settings: add {row}"


@pytest.mark.parametrize("name", sorted(bangkit.commands))
def test_command_is_documented(name: str) -> None:
    row = row_of(f"bangkit {name}")
    assert row in section("Commands").splitlines(), f"README, Commands: add {row}"


def test_tables_made_by_cog_are_current() -> None:
    changed = set(cogged().splitlines()) ^ set(readme().splitlines())
    assert cogged() == readme(), f"run python -m cogapp -r README.md; it changes {sorted(changed)}"


@pytest.mark.parametrize("name", sorted(list_terms(specs())))
def test_istilah_has_a_row(name: str) -> None:
    due = due_terms(readme(), list_terms(specs()))
    assert name not in due, f"README, Istilah: add or fill in {due[name]}"


def test_istilah_are_all_tables_peran_tindakan_and_statuses() -> None:
    wanted = {spec.slug for spec in specs()} | set(SEMUA_PERAN)
    for codes in (AksiTahapan, JenisAksi, JenisRiwayat, StatusBerkas):
        wanted |= {code.value for code in codes}
    missing = wanted - set(list_terms(specs()))
    assert not missing, f"app/generator/texts.py: list_terms leaves out {sorted(missing)}"


def test_istilah_has_no_row_for_a_word_that_is_gone() -> None:
    gone = set(glossary_rows(readme())) - set(list_terms(specs())) - WORDS_OF_THE_DOMAIN
    assert not gone, f"README, Istilah: remove {sorted(gone)}"


def test_istilah_bears_the_label_of_the_screen() -> None:
    rows = glossary_rows(readme())
    wrong = [
        f"{rows[name]} should say {label}"
        for name, label in list_terms(specs()).items()
        if name in rows and label != "…" and f"| `{name}` | {label} |" not in rows[name]
    ]
    assert not wrong, "\n".join(wrong)


def test_every_text_has_its_english() -> None:
    due = due_messages((PROJECT / CATALOGUE).read_bytes(), list_messages(PROJECT, specs()))
    entries = "\n".join(f"msgid {msgid!r}" for msgid in due)
    assert not due, f"{CATALOGUE}: write the msgstr of these {len(due)}:\n{entries}"


def test_rights_are_reviewed() -> None:
    reviewed = (PROJECT / ACCESS).read_text(encoding="utf-8").splitlines()
    actual = access_text(specs()).splitlines()
    lines = [f"+ {line}" for line in actual if line not in reviewed]
    lines += [f"- {line}" for line in reviewed if line not in actual]
    assert reviewed == actual, f"{ACCESS}: review and change\n" + "\n".join(lines)


def test_map_names_every_part_of_the_app() -> None:
    parts = {path.name for path in (PROJECT / "app").iterdir() if not path.name.startswith("__p")}
    named = set(re.findall(r"`([\w.]+?)/?`", section("The map of `app/`")))
    assert parts <= named, f"README, The map: add {sorted(parts - named)}"


def test_readme_names_no_file_that_is_missing() -> None:
    paths = re.findall(r"`((?:app|tests|docs|migrations|translations)/[\w./]*)`", readme())
    assert paths
    missing = [path for path in paths if not (PROJECT / path).exists()]
    assert not missing, f"README names {missing}"


def test_each_decision_has_a_date_and_three_lines() -> None:
    decisions = [block for block in section("Keputusan").split("\n\n") if block.startswith("**")]
    assert decisions
    for block in decisions:
        assert re.match(r"\*\*\d{4}-\d\d-\d\d — .+\.\*\*\n.+\n.+$", block.strip()), block


def test_changelog_tells_what_is_new() -> None:
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = text.split("\n## ")[1:]
    assert releases
    empty = [release.splitlines()[0] for release in releases if "\n- " not in release]
    assert not empty, f"CHANGELOG.md: add a line under {empty}"
