"""A new model file and its migration give everything; the suite names just the texts still due."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import PROJECT

HERE = Path(__file__).parent
COPIED = ("app", "migrations", "translations", "config.py", "run.py", "README.md", "CHANGELOG.md")


class Salinan:
    """A copy of the project in a folder of its own, with the throw-away model in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in COPIED:
            source = PROJECT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, root / name)
        (root / "tests").mkdir()
        shutil.copy(PROJECT / "tests" / "access.txt", root / "tests")
        shutil.copy(HERE / "posyandu.txt", root / "app" / "models" / "posyandu.py")

    def run(self, *args: str) -> str:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("BANGKIT_")}
        environ |= {"DATABASE_URL": "sqlite:///uji.db", "PYTHONPATH": str(self.root)}
        environ |= {"BANGKIT_BATAS_MASUK": "1000 per 1 minute"}
        done = subprocess.run(
            [sys.executable, *args],
            cwd=self.root,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def flask(self, *args: str) -> str:
        return self.run("-m", "flask", "--app", "run:app", *args)


@pytest.fixture(scope="module")
def salinan(tmp_path_factory: pytest.TempPathFactory) -> Salinan:
    """The copy, migrated and seeded; the migration is the one Alembic writes by itself."""
    salinan = Salinan(tmp_path_factory.mktemp("salinan proyek"))
    salinan.flask("db", "upgrade")
    salinan.flask("db", "migrate", "--rev-id", "0003", "-m", "posyandu")
    salinan.flask("bangkit", "siapkan")
    salinan.flask("bangkit", "seed")
    return salinan


def test_a_new_model_has_screen_form_filters_csv_api_permissions_and_menu(
    salinan: Salinan,
) -> None:
    assert "posyandu berjalan" in salinan.run(str(HERE / "posyandu_walk.txt"))


def test_adapting_writes_the_stubs_of_exactly_the_texts_still_due(salinan: Salinan) -> None:
    told = salinan.flask("bangkit", "sesuaikan")
    readme = (salinan.root / "README.md").read_text(encoding="utf-8")
    assert "| `posyandu` | Posyandu |" in readme
    catalogue = (salinan.root / "translations/en/LC_MESSAGES/messages.po").read_text("utf-8")
    for text in ("Nama posyandu", "Wilayah posyandu", "Kader", "Tanggal berdiri", "Posyandu"):
        assert f'msgid "{text}"\nmsgstr ""' in catalogue, told
    access = (salinan.root / "tests" / "access.txt").read_text(encoding="utf-8")
    before = (PROJECT / "tests" / "access.txt").read_text(encoding="utf-8")
    added = set(access.splitlines()) - set(before.splitlines())
    assert {line.split()[0] for line in added} == {"Posyandu"}
    assert set(before.splitlines()) <= set(access.splitlines())
    assert "tidak ada" in salinan.flask("bangkit", "sesuaikan").lower() or told
