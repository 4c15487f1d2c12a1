"""What the house demands of every part: floors, sizes, and the written lists of exceptions."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.generator.describe import describe_all
from app.models import discover
from config import PROJECT

APP = sorted((PROJECT / "app").rglob("*.py"))
TESTS = sorted((PROJECT / "tests").rglob("test_*.py"))

UNSCOPED = {
    "app/models/penugasan.py": "a tunggal peran is compared with appointments of other areas",
    "app/services/benih.py": "seeds write for nobody",
    "app/services/benih_latihan.py": "made-up officers act in the sandbox, which has no real rows",
    "app/services/admin.py": "the first admin is appointed before anybody has rights",
    "app/services/berkas.py": "the engine's snapshot and writes",
    "app/services/lacak.py": "the holder of a kode lacak has no account and reads one berkas",
    "app/services/catatan.py": "notes are written by the system, not by the person",
    "app/services/impor.py": "the record of an import is written by the system",
    "app/services/impor_layanan.py": "a command takes definitions in; nobody is signed in",
    "app/services/lapangan.py": "a definition is checked against all units and posts",
    "app/cli/simulasi.py": "what if, asked from the server, is asked of the whole portal",
    "app/services/rencana_simulasi.py": "routes and officers lie along the whole alur",
    "app/services/mengapa.py": "reasons name desks and vacancies outside the reader's area",
    "app/services/pejabat.py": "who holds a post is told to those who work with it",
    "app/services/pekerjaan.py": "a pekerjaan belongs to a person, each statement names them",
    "app/services/pelaku.py": "penugasan are read before it is known whose rows may be read",
    "app/services/pemohon.py": "a NIK is looked for in the whole register, only to refuse it",
    "app/services/pengajuan.py": "filing writes berkas and visits through the engine",
    "app/services/pindah_versi.py": "moving berkas asks the engine, which sees all posts",
    "app/services/periksa.py": "every berkas is replayed, for no person",
    "app/services/sapu.py": "the sweep acts for nobody, on the berkas of every area",
    "app/services/sampah.py": "whether an id was given again is asked of every unit",
    "app/services/sejarah.py": "the history of a row goes with the row, not with its own unit",
    "app/services/tanda.py": "whether the pemohon moved or died, never where to",
    "app/web/security.py": "the account that signs in, read before its rights are known",
}
"""Files that may lift the row policy, and why (DESIGN §3)."""

CORE_WRITES = {
    "app/models/bulk.py": "imports; their checks ask area and rules of every row before",
    "app/models/policy.py": "area columns follow a moved unit",
    "app/models/pencatatan.py": "what a flush deleted is kept whole",
    "app/models/perubahan.py": "records of changes cost one INSERT, whatever the flush",
    "app/services/antrean_kerja.py": "one statement a change of state, by the token of the worker",
    "app/services/jurnal.py": "the engine writes journal and visits, for nobody's area",
    "app/services/kabar.py": "the engine writes its notices, for nobody's area",
    "app/models/wilayah.py": "the closure of the tree",
}
"""Files that may write past the ORM, and why (DESIGN §3)."""


def relative(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def calls(path: Path) -> Iterator[str]:
    """Yield the name of every function called in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            yield function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_the_row_policy_is_lifted_only_where_it_is_written_down() -> None:
    found = {relative(path) for path in APP if "unscoped" in calls(path)}
    assert found == set(UNSCOPED)


def test_core_writes_stand_only_where_they_are_written_down() -> None:
    imported = re.compile(
        r"^    (?:insert|delete|update|text),?$|import .*\b(?:insert|text)\b", re.M
    )
    found = {
        relative(path)
        for path in APP
        if imported.search(path.read_text(encoding="utf-8"))
        and "from sqlalchemy" in path.read_text(encoding="utf-8")
        and {"insert", "text", "delete"} & set(calls(path))
        and "sqlalchemy import" in path.read_text(encoding="utf-8")
        and re.search(r"\b(?:insert|text)\(", path.read_text(encoding="utf-8"))
    }
    found |= {relative(path) for path in APP if "table.update()" in path.read_text("utf-8")}
    assert found == set(CORE_WRITES)


def test_the_driver_is_reached_only_where_the_end_of_a_transaction_is_decided() -> None:
    named = re.compile(r"\b(?:driver|dbapi)_connection\b")
    found = {relative(path) for path in APP if named.search(path.read_text("utf-8"))}
    assert found == {"app/models/engine.py"}


def test_the_generator_names_no_model() -> None:
    names = {model.__name__ for model in discover()}
    for path in (PROJECT / "app" / "generator").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        used |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not used & names - {"Menu"}, relative(path)


def test_every_model_has_screens_and_an_api(app: object) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}  # type: ignore[attr-defined]
    for spec in describe_all(discover()).values():
        assert f"/data/{spec.slug}/" in rules
        assert f"/api/v1/{spec.slug}/" in rules
        assert spec.screen.access, f"{spec.resource} is granted to nobody"


@pytest.mark.parametrize(("paths", "most"), [(APP, 300), (TESTS, 400)], ids=["app", "tests"])
def test_no_file_outgrows_its_subject(paths: list[Path], most: int) -> None:
    sizes = {relative(p): len(p.read_text(encoding="utf-8").splitlines()) for p in paths}
    assert not {path: size for path, size in sizes.items() if size > most}


@pytest.mark.parametrize("path", TESTS, ids=relative)
def test_every_test_asserts(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or not function.name.startswith("test_"):
            continue
        named = {
            getattr(node.func, "id", getattr(node.func, "attr", ""))
            for node in ast.walk(function)
            if isinstance(node, ast.Call)
        }
        asserts = any(isinstance(node, ast.Assert) for node in ast.walk(function))
        helped = any(re.match(r"assert|check|expect|raises|refused|run_refused", n) for n in named)
        assert asserts or helped, f"{relative(path)}: {function.name}"
