"""The cost of a list page: statements, bytes, options, and an index for each way to ask."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert, select, update
from sqlalchemy.orm import Session

from app.generator.lookups import FIRST
from app.generator.paging import Place
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from tests.conftest import asked_portal
from tests.generator.ramai import SPECS, fill, listing, plan_of, sent_by
from tests.walk import unit
from tests.web.halaman import Halaman, open_page, sign_in

PENDUDUK = "/data/penduduk/"
MOST_STATEMENTS = 8
MOST_BYTES = 90_000
TABLE: Any = Penduduk.__table__


@pytest.fixture(scope="module", params=["biasa", "postgres"])
def ramai(request: pytest.FixtureRequest) -> tuple[Flask, Engine]:
    """The app and its database with some thousand residents, of each kind."""
    app, portal = asked_portal(request)
    fill(portal.engine, 6000)
    return app, portal.engine


@pytest.fixture
def statements(ramai: tuple[Flask, Engine]) -> Iterator[list[str]]:
    """The statements sent since the list was last emptied."""
    sent: list[str] = []

    def note(*args: Any) -> None:
        if not args[2].startswith("BEGIN"):
            sent.append(args[2])

    event.listen(ramai[1], "before_cursor_execute", note)
    yield sent
    event.remove(ramai[1], "before_cursor_execute", note)


def appoint(engine: Engine, username: str, peran: tuple[str, ...], sebutan: str) -> None:
    """Give an account more posts, of today and without end."""
    table: Any = Penugasan.__table__
    with Session(engine) as session:
        akun = session.scalar(
            select(Pengguna.__table__.c.id).where(Pengguna.__table__.c.username == username)
        )
        mine = table.c.pengguna_id == akun
        base = session.execute(select(table).where(mine)).first()._asdict()  # type: ignore[union-attr]
        del base["id"]
        for kode in peran:
            peran_id = session.scalar(
                select(Peran.__table__.c.id).where(Peran.__table__.c.kode == kode)
            )
            row = {**base, "peran_id": peran_id, "wilayah_id": unit(session, sebutan)}
            row |= {"waktu_mulai": datetime(2026, 1, 1, tzinfo=UTC), "waktu_sampai": None}
            session.execute(insert(table), [row])
        session.commit()


def pages(kelurahan: int) -> list[str]:
    """Ways to ask for the list of residents."""
    return [
        "",
        "?page=2",
        "?page=-1",
        "?page=-3&sebelum=600",
        "?page=60&sesudah=700",
        "?hitung=1",
        "?search=siti",
        "?search=san",
        "?search=tidakada",
        "?search=3574019999000007",
        "?sort=3&desc=1&search=san&flt0_agama_salah_satu=islam,kristen",
        f"?flt0_wilayah_id_sama={kelurahan}",
        f"?flt0_wilayah_id_sama={kelurahan}&flt1_pekerjaan_id_sama=9&search=budi",
        f"?flt0_wilayah_id_sama={kelurahan}&pilihan=1",
    ]


def kelurahan_of(engine: Engine) -> int:
    with Session(engine) as session:
        return unit(session, "Kelurahan Pilang")


@pytest.mark.parametrize("username", ["admin", "rt001rw002.pilang", "lurah.pilang"])
def test_no_page_of_a_list_asks_more_than_eight_statements(
    ramai: tuple[Flask, Engine], statements: list[str], username: str
) -> None:
    app, engine = ramai
    client = sign_in(app, username)
    for query in pages(kelurahan_of(engine)):
        client.get(PENDUDUK + query)
        statements.clear()
        response = client.get(PENDUDUK + query)
        assert response.status_code == 200, query
        assert len(statements) <= MOST_STATEMENTS, (query, statements)
        assert len(response.data) <= MOST_BYTES, query


def test_neither_more_posts_nor_more_rows_ask_more(
    ramai: tuple[Flask, Engine], statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, engine = ramai
    client = sign_in(app, "kasi.kesos.pilang")
    view = next(v for v in app.extensions["admin"][0]._views if v.endpoint == "penduduk")
    counts = []
    for peran in ((), ("lurah", "sekretaris_kelurahan"), ("camat",)):
        sebutan = "Kecamatan Kademangan" if peran == ("camat",) else "Kelurahan Ketapang"
        appoint(engine, "kasi.kesos.pilang", peran, sebutan)
        asked = set()
        for size in (1, 20, 100):
            monkeypatch.setattr(view, "page_size", size)
            client.get(PENDUDUK)
            statements.clear()
            page = open_page(client, PENDUDUK)
            assert len(page.soup.select("tbody tr")) == size
            asked.add(len(statements))
        assert len(asked) == 1  # the same for one row and for a hundred
        counts += asked
    assert max(counts) <= MOST_STATEMENTS
    # The posts of two areas are weighed row by row, in one statement more whatever their number.
    assert max(counts) - min(counts) <= 1


def test_no_page_or_form_holds_more_than_fifty_options(ramai: tuple[Flask, Engine]) -> None:
    client = sign_in(ramai[0], "admin")
    for address in (PENDUDUK, f"{PENDUDUK}?pilihan=1", f"{PENDUDUK}new/", "/data/keluarga/new/"):
        page = open_page(client, address)
        for select_ in page.soup.select("select"):
            assert len(select_.select("option")) <= FIRST + 2, (address, select_.get("name"))


def test_without_script_the_choices_of_a_relation_are_one_link_away(
    ramai: tuple[Flask, Engine],
) -> None:
    client = sign_in(ramai[0], "admin")
    page = open_page(client, f"{PENDUDUK}?flt0_agama_sama=islam")
    link = page.soup.select_one("noscript a")
    assert link is not None
    loaded = open_page(client, str(link["href"]))
    assert len(loaded.soup.select("select[name$=wilayah_id_sama] option")) > 10
    assert "Agama adalah Islam" in loaded.main
    assert loaded.soup.select_one("select[name$=agama_sama] option[selected]")["value"] == "islam"


@pytest.mark.parametrize(
    ("username", "column"),
    [
        ("camat", "kecamatan_id"),
        ("lurah.pilang", "kelurahan_id"),
        ("rw002.pilang", "rw_id"),
        ("rt001rw002.pilang", "rt_id"),
    ],
)
def test_the_list_of_ones_area_is_a_range_of_one_index(
    ramai: tuple[Flask, Engine], username: str, column: str
) -> None:
    _, engine = ramai
    place = Place() if username != "camat" else Place(-1)
    statement, parameters = sent_by(engine, username, listing(), place)[-1]
    plan = plan_of(engine, statement, parameters)
    assert f"urut_penduduk_{column}_nama" in plan, plan
    assert not WHOLE_TABLE.search(plan), plan
    # Only the rows of the page are put in order, after they came out of the index in order.
    assert plan.count("Sort  (") + plan.count("TEMP B-TREE") <= 1, plan


WHOLE_TABLE = re.compile(r"Seq Scan on penduduk|SCAN penduduk(?! USING)")


def test_no_way_to_order_filter_or_search_reads_the_whole_table(
    ramai: tuple[Flask, Engine],
) -> None:
    _, engine = ramai
    spec = SPECS["Penduduk"]
    with Session(engine) as session, session.begin():
        # Rare values, as a filter is meant for: of common ones a large part is read anyhow.
        some = select(TABLE.c.id).order_by(TABLE.c.id.desc()).limit(5).scalar_subquery()
        rare = {"agama": "khonghucu", "status_kawin": "cerai_mati"}
        session.execute(update(TABLE).where(TABLE.c.id.in_(some)).values(**rare))
    fill(engine, 0)
    asked = [listing(order=sign + name) for name in spec.sortable for sign in ("", "-")]
    asked += [listing(filters=((name, "sama", value),)) for name, value in rare.items()]
    asked += [
        listing(filters=(("tanggal_lahir", "sampai", "1930-01-01"),)),
        listing(filters=(("status_dasar", "sama", "mati"),)),
        listing(filters=(("pekerjaan_id", "sama", "999"),)),
        listing(filters=(("wilayah_id", "sama", str(kelurahan_of(engine))),)),
        listing(search="3574019999000007"),
        listing(search="zu"),
    ]
    for one in asked:
        for statement, parameters in sent_by(engine, "rw002.pilang", one, Place()):
            if "count(" in statement:
                continue  # it stops at 1,001 rows; a small table has hardly more
            plan = plan_of(engine, statement, parameters)
            assert not WHOLE_TABLE.search(plan), (one, plan)


def test_chips_read_as_sentences_and_can_be_taken_back(ramai: tuple[Flask, Engine]) -> None:
    client: FlaskClient = sign_in(ramai[0], "admin")
    query = (
        "?flt0_agama_salah_satu=islam&flt0_agama_salah_satu=hindu"
        "&flt1_tanggal_lahir_mulai=1980-01-01&flt1_tanggal_lahir_sampai=1999-12-31"
        "&flt2_tanggal_lahir_rentang=bulan_ini&sesudah=9&page=3"
    )
    page = open_page(client, PENDUDUK + query)
    texts = [a.get_text(" ", strip=True) for a in page.soup.select("ul.cip a")]
    assert texts[:4] == [
        "Agama salah satu dari Islam, Hindu",
        "Tanggal lahir mulai dari 01-01-1980",
        "Tanggal lahir sampai dengan 31-12-1999",
        "Tanggal lahir dalam bulan ini",
    ]
    ticked = page.soup.select("input[type=checkbox][name$=agama_salah_satu][checked]")
    assert [box["value"] for box in ticked] == ["islam", "hindu"]
    less = open_page(client, str(page.soup.select("ul.cip a")[3]["href"]))
    assert "bulan ini" not in " ".join(a.get_text() for a in less.soup.select("ul.cip a"))
    assert chosen(less) == ["islam", "hindu"]


def chosen(page: Halaman) -> list[str]:
    boxes = page.soup.select("input[type=checkbox][name$=agama_salah_satu][checked]")
    return [str(box["value"]) for box in boxes]


def test_a_mistyped_name_is_guessed_inside_the_own_area_where_the_database_can(
    ramai: tuple[Flask, Engine],
) -> None:
    app, engine = ramai
    page = open_page(sign_in(app, "admin"), f"{PENDUDUK}?search=zainl+wijaja")
    link = page.soup.select_one("a[href*=mirip]")
    assert (link is not None) == (engine.dialect.name == "postgresql")
    if link is None:
        return
    guessed = open_page(sign_in(app, "admin"), str(link["href"]))
    assert "Mungkin maksud Anda" in guessed.main
    names = [a.get_text(strip=True) for a in guessed.soup.select("ul.tampilan a")]
    assert "Zainal WIJAYA" in names
    with Session(engine) as session, session.begin():
        here = TABLE.c.rt_id == unit(session, "RT 001/RW 002 Pilang")
        namesakes = update(TABLE).where(here, TABLE.c.nama.ilike("zainal%"))
        session.execute(namesakes.values(nama="Q W"))
    own = open_page(sign_in(app, "rt001rw002.pilang"), str(link["href"]))
    assert "Zainal" not in own.main
