"""All settings of the portal in one table; `create_app`, `run.py` and the README read it.

This is the only file that reads the environment. A setting that nothing reads is removed.
"""

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from babel import Locale
from click import ClickException
from limits import parse_many
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

PROJECT = Path(__file__).resolve().parent
INSTANCE = PROJECT / "instance"

PREFIX = "BANGKIT_"
PRODUKSI = "produksi"
SECRET_KEY_LENGTH = 32
KNOWN_KEYS = ("changeme", "change-me", "gantisaya", "ganti-saya", "thisismys", "secretsecret")

LATIHAN = "/latihan"
"""Where the sandbox stands below the address of the portal."""

SERVER_THREADS = 8
"""Requests served at once by one worker; the database pool holds a connection for each."""

TRUE_WORDS = frozenset({"1", "true", "ya", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "tidak", "no", "off"})


class ConfigError(ClickException):
    """A setting holds what the portal refuses; `flask` and `run.py` print it and stop."""


def _languages() -> dict[str, str]:
    """Return code → own name of each catalogue in ``translations/``, Indonesian first."""
    codes = {path.parent.name for path in (PROJECT / "translations").glob("*/LC_MESSAGES")}
    names = {code: Locale.parse(code).get_display_name(code) or code for code in sorted(codes)}
    first = {"id": "Bahasa Indonesia"}
    return first | {
        code: name[:1].upper() + name[1:] for code, name in names.items() if code != "id"
    }


LANGUAGES = _languages()


@dataclass(frozen=True)
class Setting:
    """One row of the table; ``name`` is also the name of the environment variable.

    ``default`` None means: derived from other settings, as ``help`` says. ``low`` and ``high``
    bound a number, ``choices`` a text. A ``secret`` value is never printed.
    """

    name: str
    default: str | int | bool | None
    kind: Literal["str", "int", "bool"]
    unit: str
    help: str
    low: int = 1
    high: int | None = None
    choices: tuple[str, ...] = ()
    secret: bool = False

    def parse(self, text: str) -> str | int | bool:
        """Return ``text`` as the kind of this setting.

        Raises:
            ConfigError: the text is not of that kind, or out of its bounds.
        """
        if self.kind == "bool":
            if text.lower() not in TRUE_WORDS | FALSE_WORDS:
                raise self.error(text, "harus ya atau tidak")
            return text.lower() in TRUE_WORDS
        if self.kind == "int":
            if not (text.isascii() and text.isdecimal()) or not self.has(int(text)):
                raise self.error(text, f"harus bilangan bulat {self.bounds()}")
            return int(text)
        if self.choices and text not in self.choices:
            raise self.error(text, f"harus salah satu dari {', '.join(self.choices)}")
        return text

    def has(self, number: int) -> bool:
        """Return whether ``number`` is inside the bounds."""
        return self.low <= number and (self.high is None or number <= self.high)

    def bounds(self) -> str:
        """Return the bounds of a number in words, with the unit."""
        upper = "" if self.high is None else f" sampai {self.high}"
        return f"mulai {self.low}{upper} {self.unit}".rstrip()

    def error(self, value: object, expected: str) -> ConfigError:
        """Return the error that names this setting, its value and what is expected."""
        shown = "(dirahasiakan)" if self.secret else repr(value)
        return ConfigError(f"Pengaturan {self.name} bernilai {shown}, padahal {expected}.")


SETTINGS = (
    Setting(
        "BANGKIT_LINGKUNGAN",
        "pengembangan",
        "str",
        "",
        "Tempat portal berjalan. Dalam produksi, kunci bawaan ditolak, kuki hanya lewat HTTPS, "
        "dan BANGKIT_NAMA_HOST wajib.",
        choices=("pengembangan", PRODUKSI),
    ),
    Setting(
        "DATABASE_URL",
        None,
        "str",
        "",
        "Alamat basis data: postgresql://… atau sqlite:///…; jalur SQLite yang tidak mutlak "
        "dihitung dari folder instance. Bawaan: berkas bangkit.db di folder instance.",
        secret=True,
    ),
    Setting(
        "SECRET_KEY",
        None,
        "str",
        "",
        f"Kunci penanda tangan sesi dan token, paling sedikit {SECRET_KEY_LENGTH} karakter acak. "
        "Bawaan: dibuat sekali dalam berkas secret_key di folder instance.",
        secret=True,
    ),
    Setting("BANGKIT_HOST", "127.0.0.1", "str", "", "Alamat IP tempat server mendengarkan."),
    Setting("BANGKIT_PORT", 8000, "int", "", "Porta server.", high=65535),
    Setting(
        "BANGKIT_PEKERJA", 1, "int", "proses", "Proses server. Lebih dari satu: pakai PostgreSQL."
    ),
    Setting(
        "BANGKIT_PEKERJA_LATAR",
        True,
        "bool",
        "",
        "python run.py juga menjalankan pekerja latar (impor, ekspor besar). Tidak: jalankan "
        "sendiri bangkit pekerja.",
    ),
    Setting(
        "BANGKIT_PROKSI",
        0,
        "int",
        "proksi",
        "Banyaknya proksi tepercaya di depan portal; alamat pengunjung dibaca dari kepala "
        "X-Forwarded-For sejauh itu.",
        low=0,
    ),
    Setting(
        "BANGKIT_NAMA_HOST",
        "",
        "str",
        "",
        "Nama host portal, dipisah koma (portal.contoh.go.id). Permintaan dan pengalihan ke nama "
        "lain ditolak. Kosong: nama apa pun diterima; hanya boleh dalam pengembangan.",
    ),
    Setting(
        "BANGKIT_PENYIMPANAN",
        None,
        "str",
        "",
        "Tempat menyimpan lampiran: folder, atau URL penyimpanan yang cocok dengan S3 "
        "(s3://…). Bawaan: folder berkas di folder instance.",
    ),
    Setting("BANGKIT_LAMPIRAN_MAKS_MB", 5, "int", "MB", "Ukuran terbesar satu lampiran."),
    Setting(
        "BANGKIT_IMPOR_MAKS_MB",
        100,
        "int",
        "MB",
        "Ukuran terbesar berkas impor; satu juta penduduk kira-kira 200 MB.",
        high=2000,
    ),
    Setting(
        "BANGKIT_CSV_PEMISAH",
        ";",
        "str",
        "",
        "Pemisah kolom pada unduhan CSV; titik koma dibuka lembar sebar berbahasa Indonesia.",
        choices=(";", ",", "\t", "|"),
    ),
    Setting(
        "BANGKIT_BATAS_MASUK",
        "10 per 5 minute",
        "str",
        "",
        "Percobaan masuk terbanyak dari satu alamat, misalnya 10 per 5 minute.",
    ),
    Setting(
        "BANGKIT_BATAS_LACAK",
        "20 per 5 minute",
        "str",
        "",
        "Kode lacak terbanyak yang dicoba dari satu alamat, misalnya 20 per 5 minute.",
    ),
    Setting(
        "BANGKIT_LACAK_HARI",
        90,
        "int",
        "hari",
        "Lama berkas yang sudah selesai masih dapat dilacak dengan kodenya.",
    ),
    Setting("BANGKIT_BAHASA", "id", "str", "", "Bahasa awal portal.", choices=tuple(LANGUAGES)),
    Setting("BANGKIT_HALAMAN_BARIS", 20, "int", "baris", "Baris per halaman daftar.", high=100),
    Setting("BANGKIT_NAMA_UNIT", "Kecamatan Kademangan", "str", "", "Nama unit pada kop halaman."),
    Setting(
        "BANGKIT_KUKI_AMAN",
        None,
        "bool",
        "",
        "Kuki hanya dikirim lewat HTTPS. Bawaan: ya dalam produksi, tidak dalam pengembangan.",
    ),
    Setting(
        "BANGKIT_SESI_MENIT", 480, "int", "menit", "Lama sesi masuk sejak permintaan terakhir."
    ),
    Setting(
        "BANGKIT_SAPU_MENIT",
        5,
        "int",
        "menit",
        "Jarak antarsapuan oleh server: klaim, meja kosong, eskalasi, pengingat, kedaluwarsa. "
        "0: server tidak menyapu; jadwalkan sendiri bangkit sapu.",
        low=0,
        high=1440,
    ),
    Setting(
        "BANGKIT_PERBAIKAN_HARI",
        14,
        "int",
        "hari",
        "Lama berkas yang dikembalikan menunggu perbaikan sebelum kedaluwarsa.",
        high=365,
    ),
    Setting(
        "BANGKIT_LATIHAN",
        True,
        "bool",
        "",
        "Mode latihan di /latihan/: portal kedua berisi data rekaan, dengan basis data SQLite "
        "sendiri di folder instance. Tidak: tidak ada.",
    ),
    Setting(
        "BANGKIT_SAMPAH_HARI",
        30,
        "int",
        "hari",
        "Lama data yang dihapus tersimpan di Sampah dan masih dapat dipulihkan.",
        high=365,
    ),
    Setting(
        "TEST_DATABASE_URL",
        "",
        "str",
        "",
        "Hanya untuk uji: server PostgreSQL tempat basis data uji dibuat. Kosong: SQLite.",
        secret=True,
    ),
    Setting(
        "BANGKIT_TANPA_LEWAT",
        False,
        "bool",
        "",
        "Hanya untuk uji: uji yang kekurangan PostgreSQL atau Chromium gagal, bukan dilewati.",
    ),
)

SETTING_BY_NAME = {setting.name: setting for setting in SETTINGS}


def read_settings(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return each setting by its name, parsed; an empty variable counts as not set.

    ``environ`` None means the environment of this process.

    Raises:
        ConfigError: a value is refused, or a variable of ours is not in the table.
    """
    environ = os.environ if environ is None else environ
    for name in environ:
        if name.startswith(PREFIX) and name not in SETTING_BY_NAME:
            closest = get_close_matches(name, SETTING_BY_NAME, n=1, cutoff=0)[0]
            raise ConfigError(f"Pengaturan {name} tidak dikenal. Mungkin maksudnya {closest}?")
    return {
        setting.name: setting.parse(text)
        if (text := environ.get(setting.name))
        else setting.default
        for setting in SETTINGS
    }


def load_config(
    environ: Mapping[str, str] | None = None, instance: Path = INSTANCE
) -> dict[str, Any]:
    """Return the whole configuration of the app: our settings, and what they mean to the hosts.

    ``instance`` is the folder of the database, the secret key and the files; it is made if it
    is missing. ``environ`` None means the environment of this process.

    Raises:
        ConfigError: a setting is refused.
    """
    config = read_settings(environ)
    instance = instance.absolute()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_produksi = config["BANGKIT_LINGKUNGAN"] == PRODUKSI
    config["ASET"] = str(instance / "aset")
    config["RUANG_LATIHAN"] = str(instance / "latihan") if config["BANGKIT_LATIHAN"] else ""
    config["IS_LATIHAN"] = False
    config["BANGKIT_PENYIMPANAN"] = _storage(config["BANGKIT_PENYIMPANAN"], instance)
    if config["BANGKIT_KUKI_AMAN"] is None:
        config["BANGKIT_KUKI_AMAN"] = is_produksi
    config["SECRET_KEY"] = config["SECRET_KEY"] or _stored_secret_key(instance / "secret_key")
    if is_produksi:
        _check_secret_key(config["SECRET_KEY"])
    return {
        **config,
        **_database_config(config["DATABASE_URL"], instance),
        **_web_config(config),
        **_host_name_config(config["BANGKIT_NAMA_HOST"], required=is_produksi),
        **_language_config(config["BANGKIT_BAHASA"]),
        **_appbuilder_config(config["BANGKIT_BATAS_MASUK"]),
        "BANGKIT_BATAS_LACAK": _limit("BANGKIT_BATAS_LACAK", config["BANGKIT_BATAS_LACAK"]),
    }


def latihan_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration of the sandbox beside the portal of ``config``.

    Its database, files, key and cookie are its own, so that nothing of one is valid in the other.
    """
    folder = Path(config["RUANG_LATIHAN"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = hmac.new(config["SECRET_KEY"].encode(), b"latihan", hashlib.sha256).hexdigest()
    return {
        **config,
        **_database_config(f"sqlite:///{folder / 'latihan.db'}", folder),
        "SECRET_KEY": key,
        "SESSION_COOKIE_NAME": "latihan",
        "SESSION_COOKIE_PATH": f"{LATIHAN}/",
        "BANGKIT_PENYIMPANAN": str(folder / "berkas"),
        "BANGKIT_PROKSI": 0,  # the portal around it has read them
        "RUANG_LATIHAN": "",
        "IS_LATIHAN": True,
    }


def _storage(value: str | None, instance: Path) -> str:
    if value is None:
        return str(instance / "berkas")
    return value if "://" in value else str(PROJECT / value)


def _stored_secret_key(path: Path) -> str:
    """Return the key in ``path``; make it first if it is missing.

    The key is written to a file of its own and then linked to its name, which fails if the name
    is taken: of several processes starting at once all use the same, complete key.
    """
    if not path.exists():
        # mkstemp opens with mode 0600, so that no other account can read the key at any moment.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")
        draft = Path(name)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process was first; its key is read below
                path.hardlink_to(draft)
        finally:
            draft.unlink()
    return path.read_text().strip()


def _check_secret_key(key: str) -> None:
    is_known = any(word in key.lower() for word in KNOWN_KEYS)
    if is_known or len(key) < SECRET_KEY_LENGTH or len(set(key)) < SECRET_KEY_LENGTH // 4:
        raise SETTING_BY_NAME["SECRET_KEY"].error(
            key,
            f"dalam produksi harus paling sedikit {SECRET_KEY_LENGTH} karakter acak, bukan contoh; "
            "kosongkan agar portal membuatnya sendiri",
        )


def _database_config(text: str | None, instance: Path) -> dict[str, Any]:
    url = _database_url(text, instance)
    # A NIK is a parameter: errors and logs must not repeat it.
    options: dict[str, Any] = {"pool_size": SERVER_THREADS, "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": 15}  # seconds a writer waits for another
    return {
        "SQLALCHEMY_DATABASE_URI": url.render_as_string(hide_password=False),
        "SQLALCHEMY_ENGINE_OPTIONS": options,
    }


def _database_url(text: str | None, instance: Path) -> URL:
    if text is None:
        return URL.create("sqlite", database=str(instance / "bangkit.db"))
    error = SETTING_BY_NAME["DATABASE_URL"].error(text, "harus postgresql://… atau sqlite:///…")
    try:
        url = make_url(text)
    except ArgumentError:
        raise error from None
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    # A database in memory would be a new, empty one for each connection.
    if url.drivername != "sqlite" or url.database in {None, "", ":memory:"}:
        raise error
    return url.set(database=str(instance / str(url.database)))


def _web_config(config: Mapping[str, Any]) -> dict[str, Any]:
    lampiran_bytes = config["BANGKIT_LAMPIRAN_MAKS_MB"] * 1024 * 1024
    return {
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config["BANGKIT_KUKI_AMAN"],
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=config["BANGKIT_SESI_MENIT"]),
        # A berkas is filed with several lampiran in one request, and its fields.
        "MAX_CONTENT_LENGTH": 4 * lampiran_bytes + 1024 * 1024,
        # A form left open for a morning must still save; the session bounds its life.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _host_name_config(text: str, *, required: bool) -> dict[str, Any]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if required and not names:
        raise SETTING_BY_NAME["BANGKIT_NAMA_HOST"].error(
            text, "dalam produksi harus menyebut nama host portal"
        )
    return {
        # None accepts any name; an empty list of redirect hosts means the host of the request.
        "TRUSTED_HOSTS": names or None,
        "FAB_SAFE_REDIRECT_HOSTS": [pattern for name in names for pattern in (name, f"{name}:*")],
    }


def _language_config(language: str) -> dict[str, Any]:
    return {
        "BABEL_DEFAULT_LOCALE": language,
        "BABEL_DEFAULT_TIMEZONE": "Asia/Jakarta",
        # Absolute: Flask-Babel would look beside the package (DESIGN §7.15).
        "BABEL_TRANSLATION_DIRECTORIES": str(PROJECT / "translations"),
        "LANGUAGES": {code: {"flag": code, "name": name} for code, name in LANGUAGES.items()},
    }


def _limit(name: str, text: str) -> str:
    """Return the text of a rate limit."""
    try:
        parse_many(text)
    except ValueError:
        raise SETTING_BY_NAME[name].error(text, "harus seperti 10 per 5 minute") from None
    return text


def _appbuilder_config(login_limit: str) -> dict[str, Any]:
    return {
        "APP_NAME": "BPJS Bangkit",
        "AUTH_TYPE": 1,  # accounts with a password in our own database
        "AUTH_RATE_LIMITED": True,
        "AUTH_RATE_LIMIT": _limit("BANGKIT_BATAS_MASUK", login_limit),
        "RATELIMIT_ENABLED": True,  # without it the two lines above do nothing
        "RATELIMIT_STORAGE_URI": "memory://",
        # Permissions and tables are written by the release command only (DESIGN §7.4).
        "FAB_UPDATE_PERMS": False,
        "FAB_CREATE_DB": False,
        "FAB_ADD_SECURITY_VIEWS": True,
        "FAB_ADD_SECURITY_API": False,  # crashes with marshmallow 4 (DESIGN §7.6)
        "FAB_API_SWAGGER_UI": True,
        "FAB_API_SWAGGER_TEMPLATE": "api.html",
        "FAB_API_MAX_PAGE_SIZE": 100,
        "FAB_BASE_TEMPLATE": "bingkai.html",
    }
