"""A model file and its migration are a whole new screen: tried on a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import PROJECT, SETTINGS

POSYANDU = '''\
"""Posyandu: where a neighbourhood weighs its toddlers, and which kader looks after it."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import AreaMixin, Menu, Model, Screen, label, relasi
from app.models.wilayah import Wilayah
from app.teks import N_


class Posyandu(AreaMixin, Model):
    """One post, owned by the RT it stands in."""

    nama: Mapped[str] = mapped_column(String(100), info=label(N_("Nama posyandu")))
    wilayah_id: Mapped[int] = relasi("wilayah.id", label(N_("RT"), pick={"tingkat": "rt"}))
    kader: Mapped[str | None] = mapped_column(String(100), info=label(N_("Kader")))
    tanggal_berdiri: Mapped[date | None] = mapped_column(info=label(N_("Tanggal berdiri")))
    aktif: Mapped[bool] = mapped_column(default=True, info=label(N_("Aktif")))

    wilayah: Mapped[Wilayah] = relationship(foreign_keys=[wilayah_id])

    screen = Screen(
        label=N_("Posyandu"),
        plural=N_("Posyandu"),
        menu=Menu.KEPENDUDUKAN,
        title="nama",
        list=("nama", "wilayah_id", "kader", "tanggal_berdiri", "aktif"),
        form={N_("Posyandu"): ("nama", "wilayah_id", "kader", "tanggal_berdiri", "aktif")},
        search=("nama", "kader"),
        filter=("wilayah_id", "tanggal_berdiri", "aktif"),
        order=("nama",),
        scope="wilayah_id",
        access={"ketua_rt": "list show", "admin_kecamatan": "list show add edit delete export"},
    )
'''

NEW_TEXTS = {"Posyandu", "Nama posyandu", "Kader", "Tanggal berdiri"}
"""Its other texts, RT and Aktif, other models say already."""

DUE = {"test_istilah_has_a_row[posyandu]", "test_every_text_has_its_english"}
DUE |= {"test_rights_are_reviewed", "test_tables_made_by_cog_are_current"}
"""The last for the share of each language that README tells."""

ABOUT_THE_PROJECT = ("tests/test_docs.py", "tests/test_architecture.py")
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "instance", "__pycache__", ".*_cache")

pytestmark = pytest.mark.lambat


class Salinan:
    """A copy of the project in ``root``, used by its commands as a programmer would."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(PROJECT, root, ignore=LEFT_OUT)
        ours = {setting.name for setting in SETTINGS} - {"TEST_DATABASE_URL"}
        self.environ = {name: text for name, text in os.environ.items() if name not in ours}

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Run a Python module in the copy, whatever comes of it."""
        return subprocess.run(
            [sys.executable, "-m", *args],
            cwd=self.root,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def flask(self, *args: str) -> str:
        """Run a command of the portal; return what it printed."""
        done = self.run("flask", "--app", "run:app", *args)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def failures(self) -> tuple[set[str], str]:
        """Return names of the tests about the project that fail, and all they say."""
        output = self.run("pytest", "-q", *ABOUT_THE_PROJECT).stdout
        assert re.search(r"\d+ passed", output), output
        return set(re.findall(r"^FAILED [^:]+::(.+?)(?: - |$)", output, re.MULTILINE)), output

    def changed(self) -> set[str]:
        """Return the files that differ from the project's own."""
        files = [path for path in self.root.rglob("*") if path.is_file()]
        names = [path.relative_to(self.root) for path in files]
        return {
            str(name)
            for name in names
            if not {"instance", "__pycache__"} & set(name.parts)
            and not name.parts[0].endswith("_cache")
            and not _same(self.root / name, PROJECT / name)
        }

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file of the copy."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old}"
        (self.root / name).write_text(text.replace(old, new), encoding="utf-8")


def _same(a: Path, b: Path) -> bool:
    return b.exists() and a.read_bytes() == b.read_bytes()


@pytest.fixture(scope="module")
def salinan(tmp_path_factory: pytest.TempPathFactory) -> Salinan:
    """A copy with the model file and the migration that was generated for it."""
    salinan = Salinan(tmp_path_factory.mktemp("salinan") / "portal dengan posyandu")
    (salinan.root / "app/models/posyandu.py").write_text(POSYANDU, encoding="utf-8")
    salinan.flask("db", "upgrade")
    salinan.flask("db", "migrate", "-m", "posyandu", "--rev-id", "9999")
    return salinan


def test_model_file_is_short() -> None:
    body = POSYANDU.partition("class ")[2].splitlines()
    assert len([line for line in body if line.strip()]) <= 25


def test_model_and_migration_give_the_whole_screen(salinan: Salinan) -> None:
    assert salinan.changed() == {
        "app/models/posyandu.py",
        "migrations/versions/9999_posyandu.py",
    }
    walk = salinan.root / "tests/test_posyandu.py"
    shutil.copy(salinan.root / "tests/generator/posyandu_walk.py", walk)
    done = salinan.run("pytest", "-q", "tests/test_posyandu.py")
    walk.unlink()
    assert done.returncode == 0, done.stdout
    assert "7 passed" in done.stdout


def test_suite_names_the_texts_still_due_and_sesuaikan_writes_their_stubs(
    salinan: Salinan,
) -> None:
    model = salinan.root / "app/models/posyandu.py"
    model.unlink()
    before, words_before = salinan.failures()
    model.write_text(POSYANDU, encoding="utf-8")

    named, words = salinan.failures()
    assert named == before | DUE
    assert "add or fill in | `posyandu` | Posyandu | … |" in words
    assert _msgids(words) - _msgids(words_before) == NEW_TEXTS
    assert set(re.findall(r"^E +\+ (Posyandu .+)$", words, re.MULTILINE)) == {
        "Posyandu             admin_kecamatan        add delete edit export list show",
        "Posyandu             ketua_rt               list show",
    }

    printed = salinan.flask("bangkit", "sesuaikan")
    assert "tambah baris istilah | `posyandu` | Posyandu | … | … | … |" in printed
    assert "periksa Posyandu             ketua_rt               list show" in printed
    assert salinan.changed() - {"migrations/versions/9999_posyandu.py"} == {
        "app/models/posyandu.py",
        "README.md",
        "tests/access.txt",
        "translations/en/LC_MESSAGES/messages.po",
    }
    assert salinan.failures()[0] == before | DUE - {"test_rights_are_reviewed"}

    salinan.edit("README.md", "| Posyandu | … | … | … |", "| Posyandu | health post | – | – |")
    for text in NEW_TEXTS:
        entry = f'msgid "{text}"\nmsgstr "'
        salinan.edit("translations/en/LC_MESSAGES/messages.po", entry, entry + "filled in")
    assert salinan.failures()[0] == before


def _msgids(words: str) -> set[str]:
    return set(re.findall(r"^E +msgid '(.+)'$", words, re.MULTILINE))
