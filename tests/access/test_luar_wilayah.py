"""Nothing outside one's area is found or touched through any door, whatever the peran."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.pembukaan_data import PembukaanData
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from tests.access.doors import Orang
from tests.access.dunia import PERAN, SCOPED, SPECS, Dunia, grants

PAIRS = [(resource, peran) for resource in SCOPED for peran in PERAN if grants(resource, peran)]

ONE_ROW = {
    "show": (
        lambda o, s, i: o.get(f"/data/{s}/details/", id=i),
        lambda o, s, i: o.post(f"/data/{s}/unmask/", {"id": i, "kolom": "nik", "alasan": "uji"}),
        lambda o, s, i: o.get(f"/data/{s}/riwayat/", id=i),
        lambda o, s, i: o.api("GET", f"{s}/{i}"),
    ),
    "edit": (
        lambda o, s, i: o.get(f"/data/{s}/edit/", id=i),
        lambda o, s, i: o.post(f"/data/{s}/edit/", {"revisi": 1}, id=i),
        lambda o, s, i: o.get(f"/data/{s}/riwayat/kembalikan/", id=i, perubahan=1),
        lambda o, s, i: o.post(f"/data/{s}/riwayat/kembalikan/", {"id": i, "perubahan": 1}),
        lambda o, s, i: o.post(f"/data/{s}/massal/", {"rowid": i}),
        lambda o, s, i: o.api("PUT", f"{s}/{i}", {}),
    ),
    "delete": (
        lambda o, s, i: o.get(f"/data/{s}/delete/confirm/", id=i),
        lambda o, s, i: o.post(f"/data/{s}/delete/", {"id": i}),
        lambda o, s, i: o.post(f"/data/{s}/action/", {"action": "delete", "rowid": i}),
        lambda o, s, i: o.api("DELETE", f"{s}/{i}"),
    ),
}


def exists(dunia: Dunia, resource: str, id_: int) -> bool:
    model = SPECS[resource].model
    with Session(dunia.engine) as session, unscoped(session, "uji mencari baris"):
        query = select(func.count()).where(model.id == id_)  # type: ignore[attr-defined]
        return bool(session.scalar(query))


@pytest.mark.parametrize(("resource", "peran"), PAIRS)
def test_a_foreign_row_is_found_by_no_door(dunia: Dunia, resource: str, peran: str) -> None:
    spec, orang = SPECS[resource], dunia.holder(peran)
    row = dunia.outside(peran).id_of(spec.model)
    inside = dunia.ids_inside(spec.model, dunia.area[peran])
    granted = grants(resource, peran)
    if "list" in granted:
        assert set(orang.api_ids(spec.slug)) == inside
        assert orang.count(spec.slug) == len(inside)
        assert row not in inside
    if "export" in granted:
        form = {"format": "csv", "alasan": "uji wilayah"}
        text = orang.post(f"/data/{spec.slug}/export/", form).get_data().decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text), delimiter=";"))) == len(inside) + 1
    for action in granted & set(ONE_ROW):
        for knock in ONE_ROW[action]:
            assert knock(orang, spec.slug, row).status_code == 404, action
    assert exists(dunia, resource, row)


@pytest.fixture(scope="module")
def orang(dunia: Dunia) -> Orang:
    """The Ketua RT of RT 001; RT 002 lies beside it in the same RW."""
    return dunia.person("rt001rw002.pilang")


@pytest.fixture(scope="module")
def tetangga(dunia: Dunia) -> tuple[str, str]:
    """Name and NIK of a resident of RT 002."""
    place = dunia.foreign["rt_id"]
    id_ = place.make(Penduduk)
    with Session(dunia.engine) as session, unscoped(session, "uji membaca tetangga"):
        row = session.get_one(Penduduk, id_)
        row.nama = "Zainab Tetangga"
        session.commit()
        return row.nama, row.nik


def test_search_and_filters_find_no_neighbour(orang: Orang, tetangga: tuple[str, str]) -> None:
    for word in tetangga:
        assert orang.count("penduduk", search=word) == 0
    assert orang.count("penduduk", flt0_jenis_kelamin_sama="l", search=tetangga[0]) == 0
    every = [{"col": "jenis_kelamin", "opr": "sama", "value": kelamin} for kelamin in "lp"]
    found = [orang.api_ids("penduduk", filters=[clause]) for clause in every]
    assert len(found[0]) + len(found[1]) == len(orang.api_ids("penduduk"))


def test_filing_finds_no_neighbour(orang: Orang, tetangga: tuple[str, str]) -> None:
    for word in tetangga:
        page = orang.get("/berkas/baru/SKTM/", cari=word).get_data(as_text=True)
        assert not re.findall(r'href="/berkas/baru/SKTM/\d+/', page)


def test_part_of_a_nik_is_no_way_to_read_it(orang: Orang, dunia: Dunia) -> None:
    with Session(dunia.engine) as session, unscoped(session, "uji membaca nik"):
        nik = session.scalars(
            select(Penduduk.nik).where(Penduduk.rt_id == dunia.area["ketua_rt"][1])
        ).first()
    assert nik is not None
    assert orang.count("penduduk", search=nik) == 1
    assert orang.count("penduduk", search=nik[:15]) == 0
    assert nik not in orang.get("/data/penduduk/", search=nik[:4]).get_data(as_text=True)
    listed = orang.api("GET", "penduduk/").get_data(as_text=True)
    assert nik not in listed
    assert f"{nik[:4]}****{nik[-4:]}" in listed


def test_a_row_cannot_be_made_in_or_moved_to_another_kelurahan(dunia: Dunia) -> None:
    petugas = dunia.holder("petugas_kelurahan")
    before = dunia.fingerprint()
    own, away = dunia.own.build(Penduduk), dunia.foreign["kelurahan_id"].build(Penduduk)
    facts = {
        "nama": own.nama,
        "nik": own.nik,
        "jenis_kelamin": str(own.jenis_kelamin),
        "tempat_lahir": own.tempat_lahir,
        "tanggal_lahir": own.tanggal_lahir.isoformat(),
        "agama": str(own.agama),
        "status_kawin": str(own.status_kawin),
        "alamat": own.alamat,
    }
    made = petugas.api("POST", "penduduk/", {**facts, "wilayah_id": away.wilayah_id})
    assert made.status_code == 422, made.get_json()
    assert "wilayah_id" in made.get_json()["fields"]
    sent = petugas.post("/data/penduduk/new/", {**facts, "wilayah_id": away.wilayah_id})
    assert sent.status_code == 422
    assert dunia.fingerprint() == before
    row = dunia.own.make(Penduduk)
    moved = petugas.api("PUT", f"penduduk/{row}", {"wilayah_id": away.wilayah_id})
    assert moved.status_code == 422, moved.get_json()


def test_a_cookie_opens_no_api(orang: Orang) -> None:
    assert orang.client.get("/api/v1/penduduk/").status_code == 401


def test_the_token_says_who_acts_whatever_the_cookie(dunia: Dunia, orang: Orang) -> None:
    lurah = dunia.holder("lurah")
    answer = orang.client.get("/api/v1/penduduk/", headers=lurah.bearer).get_json()
    assert answer["count"] == len(lurah.api_ids("penduduk")) > len(orang.api_ids("penduduk"))


def test_a_look_at_a_nik_is_written_down_and_needs_a_reason(dunia: Dunia, orang: Orang) -> None:
    row = dunia.own.make(Penduduk)
    with Session(dunia.engine) as session, unscoped(session, "uji membaca nik"):
        nik = session.get_one(Penduduk, row).nik
    hidden = orang.post("/data/penduduk/unmask/", {"id": row, "kolom": "nik", "alasan": ""})
    assert nik not in hidden.get_data(as_text=True)
    form = {"id": row, "kolom": "nik", "alasan": "mencocokkan KTP-el"}
    assert nik in orang.post("/data/penduduk/unmask/", form).get_data(as_text=True)
    with Session(dunia.engine) as session, unscoped(session, "uji membaca catatan"):
        noted = session.scalars(select(PembukaanData)).all()
    looks = [(n.baris_id, n.kolom, n.alasan) for n in noted if n.baris_id == row]
    assert looks == [(row, "NIK", "mencocokkan KTP-el")]
    assert nik not in orang.get("/data/penduduk/details/", id=row).get_data(as_text=True)
