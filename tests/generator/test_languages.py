"""A third language begins by one command, and is offered as soon as its catalogue is there."""

import io
import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.errors import DataTidakValidError
from app.generator.describe import describe_all
from app.generator.languages import add_language, coverage
from app.generator.spec import EntitySpec
from app.models import discover
from config import LANGUAGES, PROJECT


@pytest.fixture
def specs() -> list[EntitySpec]:
    return list(describe_all(discover()).values())


@pytest.fixture
def salinan(tmp_path: Path) -> Path:
    """A folder with what the texts are read from."""
    for name in ("app", "translations"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    return tmp_path


def test_a_new_language_begins_with_every_text_of_ours_and_of_the_hosts(
    salinan: Path, specs: list[EntitySpec]
) -> None:
    files = add_language(salinan, "jv", specs)
    assert [path.name for path in files] == ["messages.po", "admin.po"]
    catalogue = read_po(io.BytesIO(files[0].read_bytes()))
    assert catalogue.locale_identifier == "jv"
    assert catalogue.get("Berkas Masuk").string == ""
    # A host's text is English in the code: until it is translated, the page shows Indonesian.
    assert catalogue.get("This field is required.").string == "Wajib diisi."
    assert not [message.id for message in catalogue if message.id and message.fuzzy]


def test_its_coverage_counts_what_is_translated(salinan: Path, specs: list[EntitySpec]) -> None:
    add_language(salinan, "jv", specs)
    rows = {code: (done, total) for code, _, done, total in coverage(salinan, specs)}
    assert rows["id"][0] == rows["id"][1] > 500
    assert rows["en"][0] == rows["en"][1]
    assert rows["jv"][0] < rows["jv"][1] // 10


@pytest.mark.parametrize(
    ("code", "message"),
    [("xx-yy-zz", "Kode bahasa tidak dikenal."), ("en", "Bahasa ini sudah ada.")],
)
def test_a_wrong_code_is_refused(
    salinan: Path, specs: list[EntitySpec], code: str, message: str
) -> None:
    with pytest.raises(DataTidakValidError) as caught:
        add_language(salinan, code, specs)
    assert caught.value.fields == {"kode": message}


def test_the_portal_offers_what_lies_in_translations() -> None:
    assert LANGUAGES == {"id": "Bahasa Indonesia", "en": "English"}
