import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from config import PROJECT, SETTINGS, ConfigError, load_config, read_settings

LONG_KEY = "kX7-pQ2vB9sL4nW8rT1yU6iO3aD5fG0hJzCx"
PRODUKSI = {"BANGKIT_LINGKUNGAN": "produksi", "BANGKIT_NAMA_HOST": "portal.contoh.go.id"}


def test_an_empty_environment_gives_a_portal_on_sqlite(tmp_path: Path) -> None:
    config = load_config({}, tmp_path / "folder baru")

    assert make_url(config["SQLALCHEMY_DATABASE_URI"]).database == str(
        tmp_path / "folder baru" / "bangkit.db"
    )
    assert config["BANGKIT_PENYIMPANAN"] == str(tmp_path / "folder baru" / "berkas")
    assert config["SESSION_COOKIE_SECURE"] is False


def test_every_setting_is_in_the_config_under_its_own_name(tmp_path: Path) -> None:
    assert {setting.name for setting in SETTINGS} <= load_config({}, tmp_path).keys()


def test_every_default_is_a_value_its_setting_accepts() -> None:
    for setting in SETTINGS:
        if setting.default not in {None, ""} and setting.kind != "bool":
            assert setting.parse(str(setting.default)) == setting.default


def test_the_environment_of_the_process_is_read_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BANGKIT_PORT", "8123")
    assert read_settings()["BANGKIT_PORT"] == 8123


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({"BANGKIT_PORT": ""})["BANGKIT_PORT"] == 8000


@pytest.mark.parametrize("text", ["ya", "1", "TRUE", "yes"])
def test_bool_accepts_words_for_yes(text: str) -> None:
    assert read_settings({"BANGKIT_KUKI_AMAN": text})["BANGKIT_KUKI_AMAN"] is True


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"BANGKIT_PORT": "delapan"}, "BANGKIT_PORT bernilai 'delapan', padahal harus bilangan"),
        ({"BANGKIT_PORT": "70000"}, "mulai 1 sampai 65535"),
        ({"BANGKIT_LAMPIRAN_MAKS_MB": "-5"}, "mulai 1 MB"),
        ({"BANGKIT_PEKERJA": "1_0"}, "mulai 1 proses"),
        ({"BANGKIT_KUKI_AMAN": "mungkin"}, "harus ya atau tidak"),
        ({"BANGKIT_LINGKUNGAN": "production"}, "salah satu dari pengembangan, produksi"),
        ({"BANGKIT_BATAS_MASUK": "sering"}, "harus seperti 10 per 5 minute"),
        ({"BANGKIT_BATAS_LACAK": "sering"}, "harus seperti 10 per 5 minute"),
        ({"BANGKIT_PORTT": "1"}, "BANGKIT_PORTT tidak dikenal. Mungkin maksudnya BANGKIT_PORT?"),
        ({"DATABASE_URL": "mysql://a:rahasia@b/c"}, "harus postgresql://… atau sqlite:///…"),
        ({"DATABASE_URL": "sqlite://"}, "harus postgresql"),
        ({"DATABASE_URL": "bukan alamat"}, "harus postgresql"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_what_is_expected(
    environ: dict[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)) as caught:
        load_config(environ, tmp_path)
    assert "rahasia@" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_means_psycopg_3(scheme: str, tmp_path: Path) -> None:
    config = load_config(
        {"DATABASE_URL": f"{scheme}://u:p%40ss@h:5433/d?sslmode=require"}, tmp_path
    )

    assert config["SQLALCHEMY_DATABASE_URI"] == (
        "postgresql+psycopg://u:p%40ss@h:5433/d?sslmode=require"
    )


@pytest.mark.parametrize("name", ["a b.db", "50%.db", "titik;koma#.db"])
def test_sqlite_opens_the_very_file_that_is_named(name: str, tmp_path: Path) -> None:
    config = load_config({"DATABASE_URL": f"sqlite:///{name}"}, tmp_path)

    engine = create_engine(config["SQLALCHEMY_DATABASE_URI"], **config["SQLALCHEMY_ENGINE_OPTIONS"])
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")
    engine.dispose()
    assert (tmp_path / name).stat().st_size > 0


def test_storage_is_a_url_as_it_is_or_a_folder_of_the_project(tmp_path: Path) -> None:
    def storage(value: str) -> str:
        return load_config({"BANGKIT_PENYIMPANAN": value}, tmp_path)["BANGKIT_PENYIMPANAN"]

    assert storage("s3://ember/berkas") == "s3://ember/berkas"
    assert storage("data berkas") == str(PROJECT / "data berkas")
    assert storage("/srv/berkas") == "/srv/berkas"


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    keys = {load_config({}, tmp_path)["SECRET_KEY"] for _ in range(2)}

    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret_key"]


def test_processes_that_start_together_agree_on_one_secret_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: load_config({}, tmp_path)["SECRET_KEY"], range(64)))
    assert len(keys) == 1
    assert "" not in keys


def test_produksi_accepts_the_key_it_made_itself_or_a_long_one(tmp_path: Path) -> None:
    assert load_config(PRODUKSI, tmp_path)["SECRET_KEY"]
    assert load_config({**PRODUKSI, "SECRET_KEY": LONG_KEY}, tmp_path)["SECRET_KEY"] == LONG_KEY


@pytest.mark.parametrize(
    "key", ["pendek", "changeme-" + LONG_KEY, r"\2\1thisismyscretkey\1\2\e\y\y\h", "a" * 64]
)
def test_produksi_refuses_a_short_or_known_key_and_keeps_it_secret(
    key: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="paling sedikit 32 karakter acak") as caught:
        load_config({**PRODUKSI, "SECRET_KEY": key}, tmp_path)
    assert key not in str(caught.value)


def test_produksi_refuses_a_weak_key_in_the_file_too(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("pendek")
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        load_config(PRODUKSI, tmp_path)


def test_cookies_need_https_in_produksi_unless_told_otherwise(tmp_path: Path) -> None:
    assert load_config(PRODUKSI, tmp_path)["SESSION_COOKIE_SECURE"] is True
    config = load_config({**PRODUKSI, "BANGKIT_KUKI_AMAN": "tidak"}, tmp_path)
    assert config["SESSION_COOKIE_SECURE"] is False


def test_produksi_needs_the_host_names_it_answers_to(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="BANGKIT_NAMA_HOST"):
        load_config({"BANGKIT_LINGKUNGAN": "produksi"}, tmp_path)

    config = load_config({**PRODUKSI, "BANGKIT_NAMA_HOST": "a.go.id, b.go.id"}, tmp_path)
    assert config["TRUSTED_HOSTS"] == ["a.go.id", "b.go.id"]
    assert config["FAB_SAFE_REDIRECT_HOSTS"] == ["a.go.id", "a.go.id:*", "b.go.id", "b.go.id:*"]


def test_a_request_may_carry_several_lampiran_of_the_largest_size(tmp_path: Path) -> None:
    config = load_config({"BANGKIT_LAMPIRAN_MAKS_MB": "10"}, tmp_path)
    assert config["MAX_CONTENT_LENGTH"] > 4 * 10 * 1024 * 1024
