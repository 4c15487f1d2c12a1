"""Berkas by the hundred thousand: a few are really filed and walked, then their rows are copied.

Filing 200,000 through the engine would take an hour. A copy has its own keys, numbers and times;
its journal says the same as that of its template, so pages and lists work. What a copy lacks:
tracking code, notices, and a journal chained by fingerprints of its own.
"""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.models.engine import writing
from app.routing import JenisAksi
from app.services.pengajuan import Pengajuan, ajukan, load_terbit
from tests.walk import RANTAI, SENIN, act_as, file_sktm, take

RT = tuple(f"{rt:03}" for rt in (1, 2, 3))
SELESAI, BERJALAN = 10_000_000, 20_000_000
"""Copies of finished and of open berkas get keys from here on; fifty of each open one."""

TERBUKA = 50

COLUMNS = {
    "nomor": "nomor || '-' || n",
    "sebutan": "replace(sebutan, ' ke ', '-' || n || ' ke ')",
    "kunci": "kunci || '#' || n",
    "nomor_surat": "nomor_surat || '/' || n",
    "kode_lacak_hmac": "NULL",
}
"""What is unique in a table, as its copy number n has it."""

TABLES = ("berkas", "kunjungan", "riwayat", "berkas_persyaratan", "surat")


WARGA_BIASA = text(
    "SELECT p.id FROM penduduk p JOIN wilayah w ON w.id = p.rt_id WHERE w.sebutan = :rt"
    " AND p.status_dasar = 'hidup' AND p.keluarga_id NOT IN (SELECT q.keluarga_id FROM penduduk q"
    " JOIN ab_user u ON u.penduduk_id = q.id) ORDER BY p.tanggal_lahir, p.id LIMIT 1"
)
"""Somebody in whose family nobody holds a post, so that the heads of RT and RW may decide."""


def file_templates(url: str) -> None:
    """File short letters and SKTM in Pilang, finished and under way."""
    engine = create_engine(url)
    with Session(engine) as session:
        for rw in RT:
            for rt in RT:
                _pengantar(session, rt, rw, finished=True)
        for rt in RT:
            _pengantar(session, rt, "002", finished=False)
        for steps in (9, 9, 9, 2, 4, 6, 8):
            _sktm(session, steps)
    engine.dispose()


def _pengantar(session: Session, rt: str, rw: str, *, finished: bool) -> None:
    penduduk_id = session.connection().execute(WARGA_BIASA, {"rt": f"RT {rt}/RW {rw} Pilang"})
    ketua = f"rt{rt}rw{rw}.pilang"
    pelaku = act_as(session, ketua)
    versi = load_terbit(session, "PGT")
    isian = {"keperluan": "Mengurus surat", "tujuan": "Kelurahan"}
    syarat = frozenset(row.id for row in versi.persyaratan)
    with writing():
        berkas_id = ajukan(
            session,
            pelaku,
            SENIN,
            Pengajuan(versi.id, penduduk_id.scalar_one(), isian, syarat),
            uuid4().hex,
        )
        session.commit()
    if finished:
        for minute, who in enumerate((ketua, f"rw{rw}.pilang"), 1):
            take(session, who, berkas_id, JenisAksi.SETUJUI, SENIN + timedelta(minutes=minute))


def _sktm(session: Session, steps: int) -> None:
    berkas_id = file_sktm(session)
    for minute, (who, jenis) in enumerate(RANTAI[:steps], 1):
        take(session, who, berkas_id, jenis, SENIN + timedelta(minutes=minute))


def copy_berkas(url: str, count: int) -> None:
    """Copy the templates until there are so many berkas."""
    engine = create_engine(url)
    with engine.begin() as connection:
        done = connection.execute(text("SELECT status, count(*) FROM berkas GROUP BY status")).all()
    finished = sum(n for status, n in done if status == "selesai")
    if not finished:
        raise ValueError("no template was walked to its end")
    for begin, where, copies in (
        (SELESAI, "b.status = 'selesai'", count // finished),
        (BERJALAN, "b.status <> 'selesai'", min(TERBUKA, count // 50)),
    ):
        for table in TABLES:
            _copy(engine, table, begin, where, copies)
    engine.dispose()


def _copy(engine: Engine, table: str, begin: int, where: str, copies: int) -> None:
    """Copy the template rows of one table ``copies`` times by one statement."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as connection:
        names = _names(connection, table)
        template_ids = text(f"SELECT min(id), max(id) FROM {table} WHERE id < {SELESAI}")
        low, high = connection.execute(template_ids).one()
        if low is None or not copies:
            return
        step = high - low + 1
        values = [_value(table, name, begin, step, is_sqlite) for name in names]
        key = "id" if table == "berkas" else "berkas_id"
        series = (
            f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {copies})"
            " SELECT n FROM s)"
            if is_sqlite
            else f"generate_series(1, {copies})"
        )
        alias = "s" if is_sqlite else "s(n)"
        if not is_sqlite:
            # The rows copied had their keys checked; a million checks one by one take a minute.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"
                f" FROM {table} t CROSS JOIN {series} {alias} WHERE t.{key} IN"
                f" (SELECT b.id FROM berkas b WHERE b.id < {SELESAI} AND {where})"
            )
        )


def _value(table: str, name: str, begin: int, step: int, is_sqlite: bool) -> str:
    """Return the SQL of one column of copy number n."""
    if name == "id":
        return f"t.id + {begin} + n * {step if table != 'berkas' else 1000}"
    if name == "berkas_id":
        return f"t.berkas_id + {begin} + n * 1000"
    if table == "surat" and name == "nomor":
        return f"t.nomor + {begin} + n * 1000"
    if table == "riwayat" and name == "nomor":
        return "t.nomor"
    if name in COLUMNS:
        return COLUMNS[name]
    if name.startswith(("waktu", "batas_waktu", "created_at")):
        return (
            f"strftime('%Y-%m-%d %H:%M:%S.000000', t.{name}, '-' || n || ' minutes')"
            if is_sqlite
            else f"t.{name} - n * interval '1 minute'"
        )
    return f"t.{name}"


def _names(connection: object, table: str) -> list[str]:
    result = connection.execute(text(f"SELECT * FROM {table} LIMIT 0"))  # type: ignore[attr-defined]
    return [name for name in result.keys() if not name.startswith("_")]
