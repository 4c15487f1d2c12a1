"""Search: which rows words find, kept in step, by an index, and the same on both databases."""

from typing import Any
from weakref import WeakKeyDictionary

import pytest
from flask_migrate import upgrade
from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.orm import Session

from app.generator import matching, paging, reading
from app.generator.listing import Listing
from app.generator.matching import words_of
from app.generator.paging import Place
from app.models.indeks import follow
from app.models.penduduk import Penduduk
from tests.conftest import Portal, asked_portal
from tests.generator.ramai import SPECS, fill, listing, plan_of, read, rows_of, sent_by

TABLE: Any = Penduduk.__table__
CAMAT = "camat"

SEARCHES = (
    *("siti", "SITI santo", "santo siti", "bud", "BUDI", "éka", "Éka", "ñusa", "Ñusa", "o'n"),
    *("100%", "a_b", "%", "_", "bu", "s", "tidakada", "aji", "zainal wij", '"siti"', "a*b"),
    *("siti AND budi", "bin ali", "3574", "3574019999000007", "3574 0199 9900 0007", "\\"),
    *("siti siti siti", "si wi", "santo s", "3 siti", "0007 siti"),
)


@pytest.fixture(scope="module", params=["biasa", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The usual database (SQLite, unless the run says otherwise), then PostgreSQL."""
    _, portal = asked_portal(request)
    # So many that PostgreSQL, too, is better off with the index than with reading all.
    fill(portal.engine, 20_000 if portal.engine.dialect.name == "postgresql" else 6000)
    return portal.engine


def names(engine: Engine, **asked: Any) -> list[str]:
    """Return the names that a search finds, all of them, in their order."""
    return [row[2] for row in read(engine, CAMAT, listing(**asked), Place(exact=True), 30_000).rows]


def holds(nama: str, words: str) -> bool:
    """Whether a name meets a search, told plainly: A-Z are small letters, others as they are."""
    small = "".join(c.lower() if c.isascii() else c for c in nama)
    parts = "".join(c.lower() if c.isascii() else c for c in words).split()
    if all(len(part) < 3 for part in parts):
        return all(small.startswith(part) for part in parts)
    return all(part in small for part in parts)


@pytest.mark.parametrize("words", [w for w in SEARCHES if not w[0].isdigit() or "%" in w])
def test_each_word_is_somewhere_in_the_name_in_any_order(engine: Engine, words: str) -> None:
    everybody = names(engine)
    assert names(engine, search=words) == [nama for nama in everybody if holds(nama, words)]


def test_the_ways_to_search_agree(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = names(engine, search="san")
    first = [row[2] for row in read(engine, CAMAT, listing(search="san"), Place()).rows]
    assert len(whole) > paging.COUNT_MOST
    assert first == whole[:20]
    monkeypatch.setattr(reading, "WALK", 1)
    assert [row[2] for row in read(engine, CAMAT, listing(search="san"), Place()).rows] == first


def test_a_nik_is_found_whole_however_it_is_spaced_and_never_in_part(engine: Engine) -> None:
    (found,) = read(engine, CAMAT, listing(search="3574 0199.9900 0007"), Place()).rows
    assert found[3] == "3574019999000007"
    assert names(engine, search="357401999900000") == []
    assert names(engine, search="3574") == []


def test_search_follows_what_is_added_changed_and_deleted(engine: Engine) -> None:
    with Session(engine) as session:
        row = {**rows_of(session, 1)[0], "nama": "Xylofon Quartz", "nik": "3574019998000001"}
        session.execute(insert(TABLE), [row])
        session.commit()
        assert names(engine, search="ylof") == ["Xylofon Quartz"]
        mine = TABLE.c.nik == row["nik"]
        session.execute(update(TABLE).where(mine).values(nama="Vuvuzela Quartz"))
        session.commit()
        assert names(engine, search="ylof") == []
        assert names(engine, search="uvuz quar") == ["Vuvuzela Quartz"]
        session.execute(TABLE.delete().where(mine))
        session.commit()
    assert names(engine, search="uvuz") == []


def test_an_officer_finds_only_people_of_the_own_area(engine: Engine) -> None:
    with Session(engine) as session:
        rt = session.scalar(
            select(TABLE.c.rt_id).where(TABLE.c.nik == "3574019999000002")  # RT 001/RW 002 Pilang
        )
        expected = session.scalars(
            select(TABLE.c.id).where(TABLE.c.rt_id == rt, TABLE.c.nama.ilike("%siti%"))
        ).all()
    for words in ("siti", "s", "3574019999000003"):
        found = read(engine, "rt001rw002.pilang", listing(search=words), Place(exact=True), 9000)
        if words == "siti":
            assert {row.id for row in found.rows} == set(expected)
        assert {row[6] for row in found.rows} <= {"RT 001/RW 002 Pilang"}


@pytest.mark.parametrize("words", ["zain qwerty", "xqz", "z xqz"])
def test_rare_words_are_found_by_the_search_index(engine: Engine, words: str) -> None:
    sent = sent_by(engine, CAMAT, listing(search=words), Place())
    reads = [plan_of(engine, *one) for one in sent if "penduduk" in one[0]]
    assert any("cari_penduduk" in plan or "VIRTUAL TABLE" in plan for plan in reads), reads
    assert not any("Seq Scan on penduduk" in plan or "SCAN penduduk\n" in plan for plan in reads)


def test_both_databases_find_the_same_in_the_same_order(
    portal: Portal, postgres_portal: Portal
) -> None:
    if portal is postgres_portal:
        pytest.skip("runs where the usual database is SQLite")
    spec = SPECS["Penduduk"]
    asked = [listing(search=words) for words in SEARCHES]
    asked += [listing(order=sign + name) for name in spec.sortable for sign in ("", "-")]
    asked += [listing(order="-telepon"), listing(filters=(("status_dasar", "bukan", "mati"),))]
    for other in ("Keluarga", "Wilayah", "Referensi", "Pengguna", "KlasifikasiArsip"):
        asked.append(Listing(SPECS[other], SPECS[other].screen.list))
        asked.append(Listing(SPECS[other], SPECS[other].screen.list, search="a"))
    found = []
    for one in (portal, postgres_portal):
        one.restore()
        fill(one.engine, 1200)
        found.append(
            [[tuple(r) for r in read(one.engine, "admin", a, Place(), 1000).rows] for a in asked]
        )
    for ours, theirs, what in zip(*found, asked, strict=True):
        assert ours == theirs, what


def test_a_lost_search_table_is_made_anew_and_until_then_rows_are_read(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    if portal.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps its index itself")
    app = portal.restore()
    fill(portal.engine, 50)
    before = names(portal.engine, search="siti")
    with portal.engine.begin() as connection:
        for act in ("tambah", "ubah", "hapus"):
            connection.execute(text(f"DROP TRIGGER cari_penduduk_{act}"))
        connection.execute(text("DROP TABLE cari_penduduk"))
        connection.execute(text("DROP INDEX urut_penduduk_agama"))
    monkeypatch.setattr(matching, "_found", WeakKeyDictionary())
    with app.app_context():
        portal.engine.dispose()
        assert names(portal.engine, search="siti") == before
        upgrade()
    assert names(portal.engine, search="siti") == before
    with portal.engine.begin() as connection:
        assert follow(connection) == []
        assert "cari_penduduk" in str(
            connection.execute(text("SELECT group_concat(name) FROM sqlite_master")).scalar()
        )


def test_words_are_few_and_each_counts_once() -> None:
    assert words_of("a b a c d e f g h i j k") == tuple("abcdefgh")
