"""The sides of a comparison: the portal, the floor and the peers, and how each is asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import create_engine, text

from app.services.benih_akun import SANDI_CONTOH
from bench.data import FOLDER, is_sqlite
from bench.server import THREADS, Server, serving
from bench.warga import LANGKA
from bench.wilayah import KECAMATAN
from config import PROJECT

VENV = PROJECT / ".venv-bench" / "bin"
LANTAI = "lantai"
KAMI = "kami"
PEERS = ("django", "flask-admin", "fab", "sqladmin")

HAL1, TENGAH, AKHIR, KELURAHAN = "halaman 1", "halaman tengah", "halaman akhir", "saring kelurahan"
AWALAN, SERING, JARANG = "cari awalan", "cari sering", "cari jarang"
KOSONG, NIK = "cari tanpa hasil", "cari NIK"
RINCI, FORM, PILIH = "rincian", "formulir", "pilihan"
CASES = (
    *(HAL1, TENGAH, AKHIR, KELURAHAN, AWALAN, SERING, JARANG, KOSONG, NIK),
    *(RINCI, FORM, PILIH),
)
KATA = {AWALAN: "Nu", SERING: "nur", JARANG: LANGKA[2:9].lower(), KOSONG: "qxzvkw"}


@dataclass(frozen=True)
class Bahan:
    """What the questions are about: keys and names taken from the database once."""

    rows: int
    kecamatan_id: int
    kelurahan_id: int
    penduduk_id: int
    nik: str
    nama_tengah: str
    id_tengah: int

    @property
    def pages(self) -> int:
        """How many pages of twenty the whole list has."""
        return (self.rows + 19) // 20


def bahan(url: str) -> Bahan:
    """Read what the questions need."""
    engine = create_engine(url)
    with engine.connect() as connection:

        def one(query: str, **facts: object) -> tuple[object, ...]:
            return tuple(connection.execute(text(query), facts).one())

        (kecamatan,) = one("SELECT id FROM wilayah WHERE kode = :k", k=KECAMATAN)
        (kelurahan,) = one(
            "SELECT id FROM wilayah WHERE induk_id = :k AND tingkat = 'kelurahan'"
            " ORDER BY id DESC LIMIT 1",
            k=kecamatan,
        )
        (rows,) = one("SELECT count(*) FROM penduduk WHERE kecamatan_id = :k", k=kecamatan)
        id_, nama, nik = one(
            "SELECT id, nama, nik FROM penduduk WHERE kecamatan_id = :k"
            " ORDER BY nama, id LIMIT 1 OFFSET :n",
            k=kecamatan,
            n=int(str(rows)) // 2,
        )
    engine.dispose()
    numbers = [int(str(n)) for n in (rows, kecamatan, kelurahan, id_)]
    return Bahan(*numbers, str(nik), str(nama), numbers[3])


Alamat = Callable[[Bahan, str], str | None]
"""The address of a case; None where a side has nothing of the kind."""


def kami(b: Bahan, case: str) -> str | None:
    """The portal's addresses, those its own pager links to."""
    base = "/data/penduduk/"
    return {
        HAL1: base,
        TENGAH: f"{base}?page={b.pages // 2}&sesudah={b.id_tengah}",
        AKHIR: f"{base}?page=-1",
        KELURAHAN: f"{base}?flt0_wilayah_id_sama={b.kelurahan_id}",
        NIK: f"{base}?search={b.nik}",
        RINCI: f"{base}details/?id={b.penduduk_id}",
        FORM: f"{base}new/",
        PILIH: f"{base}ajax/lookup/?name=wilayah_id&query=RT+003",
    }.get(case) or f"{base}?search={KATA[case]}"


def lantai(b: Bahan, case: str) -> str | None:
    """The floor's; it has no words to search for and no forms."""
    base = "/penduduk"
    return {
        HAL1: base,
        TENGAH: f"{base}?nama={quote(b.nama_tengah)}&id={b.id_tengah}",
        AKHIR: f"{base}?akhir=1",
        KELURAHAN: f"{base}?kelurahan={b.kelurahan_id}",
        NIK: f"{base}?nik={b.nik}",
        RINCI: f"{base}/{b.penduduk_id}",
        PILIH: "/rt?q=RT+003",
    }.get(case)


def django(b: Bahan, case: str) -> str | None:
    """Django admin's."""
    base = "/admin/django_stok/penduduk/"
    return {
        HAL1: base,
        TENGAH: f"{base}?p={b.pages // 2}",
        AKHIR: f"{base}?p={b.pages}",
        KELURAHAN: f"{base}?kelurahan={b.kelurahan_id}",
        AWALAN: f"{base}?nama__istartswith={KATA[AWALAN]}",
        NIK: f"{base}?q={b.nik}",
        RINCI: f"{base}{b.penduduk_id}/change/",
        FORM: f"{base}add/",
        PILIH: "/admin/autocomplete/?term=RT+003&app_label=django_stok&model_name=penduduk"
        "&field_name=wilayah",
    }.get(case) or f"{base}?q={KATA[case]}"


def flask_admin(b: Bahan, case: str) -> str | None:
    """Stock Flask-Admin's; ``^`` begins a search by prefix, ``=`` an exact one."""
    base = "/admin/penduduk/"
    return {
        HAL1: base,
        TENGAH: f"{base}?page={b.pages // 2}",
        AKHIR: f"{base}?page={b.pages - 1}",
        KELURAHAN: f"{base}?flt0_0={b.kelurahan_id}",
        AWALAN: f"{base}?search=%5E{KATA[AWALAN]}",
        NIK: f"{base}?search=%3D{b.nik}",
        RINCI: f"{base}details/?id={b.penduduk_id}",
        FORM: f"{base}new/",
        PILIH: f"{base}ajax/lookup/?name=wilayah&query=RT+003",
    }.get(case) or f"{base}?search={KATA[case]}"


def fab(b: Bahan, case: str) -> str | None:
    """Stock FAB's; it searches by filters, one column at a time, and has no look-up."""
    base = "/pendudukview/list/"
    return {
        HAL1: base,
        TENGAH: f"{base}?page_PendudukView={b.pages // 2}",
        AKHIR: f"{base}?page_PendudukView={b.pages - 1}",
        KELURAHAN: f"{base}?_flt_0_kelurahan_id={b.kelurahan_id}",
        AWALAN: f"{base}?_flt_0_nama={KATA[AWALAN]}",
        NIK: f"{base}?_flt_3_nik={b.nik}",
        RINCI: f"/pendudukview/show/{b.penduduk_id}",
        FORM: "/pendudukview/add",
    }.get(case) or (f"{base}?_flt_2_nama={KATA[case]}" if case in KATA else None)


def sqladmin(b: Bahan, case: str) -> str | None:
    """Stock SQLAdmin's; it has no search by prefix."""
    base = "/admin/penduduk/"
    return {
        HAL1: f"{base}list",
        TENGAH: f"{base}list?page={b.pages // 2}",
        AKHIR: f"{base}list?page={b.pages}",
        KELURAHAN: f"{base}list?kelurahan_id={b.kelurahan_id}",
        NIK: f"{base}list?search={b.nik}",
        RINCI: f"{base}details/{b.penduduk_id}",
        FORM: f"{base}create",
        PILIH: f"{base}ajax/lookup?name=wilayah&term=RT+003",
    }.get(case) or f"{base}list?search={KATA[case]}"


@dataclass(frozen=True)
class Sisi:
    """One side: how it is started and where its pages are."""

    nama: str
    alamat: Alamat
    app: str = ""
    interface: str = "wsgi"


SISI = (
    Sisi(KAMI, kami),
    Sisi(LANTAI, lantai, "bench.peers.lantai:app"),
    Sisi("django", django, "bench.peers.django_stok.wsgi:app"),
    Sisi("flask-admin", flask_admin, "bench.peers.flask_admin_stok:app"),
    Sisi("fab", fab, "bench.peers.fab_stok:app"),
    Sisi("sqladmin", sqladmin, "bench.peers.sqladmin_stok:app", "asgi"),
)


@contextmanager
def running(
    sisi: Sisi, url: str, b: Bahan, port: int, *, akun: str = "admin", **env: str
) -> Iterator[Server]:
    """Run one side on a database; the portal with somebody signed in who sees the kecamatan."""
    if sisi.nama == KAMI:
        with serving(portal_command(), port, portal_env(url, port) | env, "/login/") as server:
            server.sign_in(akun, SANDI_CONTOH)
            yield server
        return
    command = [str(VENV / "granian"), "--interface", sisi.interface, "--port", str(port)]
    command += ["--workers", "1", "--no-ws", "--log-level", "error", sisi.app]
    if sisi.interface == "wsgi":
        command += ["--blocking-threads", str(THREADS)]
    facts = {"UKUR_URL": url, "UKUR_KECAMATAN": str(b.kecamatan_id)} | env
    with serving(command, port, facts, str(sisi.alamat(b, HAL1))) as server:
        yield server


def portal_command() -> list[str]:
    """How the portal is started, as `make run` does."""
    return [str(PROJECT / ".venv" / "bin" / "python"), "run.py"]


def portal_env(url: str, port: int) -> dict[str, str]:
    """The portal's settings: quiet in the background, no limit to signing in."""
    return {
        "DATABASE_URL": url,
        "BANGKIT_PORT": str(port),
        "BANGKIT_SAPU_MENIT": "0",
        "BANGKIT_BATAS_MASUK": "100000 per 1 minute",
        "SECRET_KEY": "ukur-0123456789-abcdefghijklmnopqrstuvwxyz",
        "BANGKIT_PENYIMPANAN": str(FOLDER / "berkas"),
    }


def installed() -> bool:
    """Whether the environment of the peers is there."""
    return (Path(VENV) / "granian").exists()


def jenis_of(url: str) -> str:
    """Return the name of the database for people."""
    return "SQLite" if is_sqlite(url) else "PostgreSQL"
