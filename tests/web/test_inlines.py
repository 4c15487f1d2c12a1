"""The form of a versi layanan: its tahapan, isian and persyaratan are edited inside it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.layanan import Layanan
from app.models.peran import Peran
from app.models.versi_layanan import VersiLayanan
from tests.conftest import Portal
from tests.web.halaman import Formulir, Halaman, open_page, send, sign_in


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


@pytest.fixture(scope="module")
def ids(app: Flask, portal: Portal) -> dict[str, str]:
    """Ids of the layanan SKTM and of two peran."""
    with Session(portal.engine) as session:
        peran = dict(session.execute(select(Peran.kode, Peran.id)).all())
        layanan_id = session.scalar(select(Layanan.id).where(Layanan.kode == "SKTM"))
    return {"layanan": str(layanan_id), **{kode: str(id_) for kode, id_ in peran.items()}}


def tahapan(index: int, peran_id: str, **changes: str) -> dict[str, str]:
    row = {
        "urutan": str(index + 1),
        "kode": f"langkah_{index + 1}",
        "nama": f"Langkah {index + 1}",
        "peran_id": peran_id,
        "aksi": "setujui",
        "sla_menit": "5",
        "jika_kosong": "naik",
        **changes,
    }
    return {f"tahapan-{index}-{name}": value for name, value in row.items()}


def isian(index: int, **changes: str) -> dict[str, str]:
    row = {"urutan": str(index + 1), "kode": f"tanya_{index + 1}", "label": "Tanya", "tipe": "teks"}
    return {f"isian-{index}-{name}": value for name, value in {**row, **changes}.items()}


def persyaratan(index: int, **changes: str) -> dict[str, str]:
    row = {"urutan": str(index + 1), "kode": f"SYARAT_{index + 1}", "nama": "Surat", "wajib": "y"}
    return {f"persyaratan-{index}-{name}": value for name, value in {**row, **changes}.items()}


def versi(ids: dict[str, str], nomor: int) -> dict[str, str]:
    return {
        "layanan_id": ids["layanan"],
        "nomor": str(nomor),
        "tingkat_akhir": "kecamatan",
        "sla_total_menit": "35",
        "maks_kembali": "3",
        "biaya": "0",
        "produk": "Surat uji",
    }


def blank(admin: FlaskClient) -> Formulir:
    return open_page(admin, "/data/versi_layanan/new/").form("layanan_id", "nomor")


def edit_form(admin: FlaskClient, nomor: int) -> Formulir:
    page = open_page(admin, f"/data/versi_layanan/?search=SKTM+versi+{nomor}")
    url = next(url for url in page.links() if "/versi_layanan/edit/" in url)
    return open_page(admin, url).form("layanan_id", "nomor")


def names(portal: Portal, nomor: int) -> dict[str, list[str]]:
    """Return what the version holds now."""
    with Session(portal.engine) as session:
        row = session.scalars(select(VersiLayanan).where(VersiLayanan.nomor == nomor)).one()
        return {
            "tahapan": [t.nama for t in row.tahapan],
            "isian": [i.label for i in row.isian],
            "persyaratan": [p.nama for p in row.persyaratan],
        }


def rows_of(form: Formulir, relation: str, name: str) -> dict[str, str]:
    """Return value → prefix of the child rows of a form."""
    return {
        value: key.removesuffix(name)
        for key, value in form.fields.items()
        if key.startswith(f"{relation}-") and key.endswith(f"-{name}")
    }


def test_children_are_added_changed_and_removed_inside_the_form(
    admin: FlaskClient, portal: Portal, ids: dict[str, str]
) -> None:
    children = {
        **tahapan(0, ids["ketua_rt"]),
        **tahapan(1, ids["lurah"], aksi="tanda_tangani", wajib="y"),
        **isian(0, label="Keperluan"),
        **isian(1, label="Jumlah"),
        **persyaratan(0, nama="Pengantar RT"),
        **persyaratan(1, nama="Fotokopi KTP"),
    }
    page = send(admin, blank(admin), **versi(ids, 71), **children)
    assert "sudah ditambahkan" in page.main, page.errors()
    assert names(portal, 71) == {
        "tahapan": ["Langkah 1", "Langkah 2"],
        "isian": ["Keperluan", "Jumlah"],
        "persyaratan": ["Pengantar RT", "Fotokopi KTP"],
    }
    form = edit_form(admin, 71)
    changes = {
        rows_of(form, "tahapan", "nama")["Langkah 1"] + "nama": "Verifikasi RT",
        rows_of(form, "isian", "label")["Jumlah"] + "hapus": "y",
        rows_of(form, "persyaratan", "nama")["Pengantar RT"] + "hapus": "y",
        **persyaratan(7, nama="Surat pernyataan"),
    }
    page = send(admin, form, **changes)
    assert "Perubahan sudah disimpan" in page.main, page.errors()
    assert names(portal, 71) == {
        "tahapan": ["Verifikasi RT", "Langkah 2"],
        "isian": ["Keperluan"],
        "persyaratan": ["Fotokopi KTP", "Surat pernyataan"],
    }


def summary(page: Halaman) -> str:
    """Return the box above a refused form."""
    return page.soup.select_one("[role=alert]").get_text(" ", strip=True)


def test_an_error_in_a_child_names_its_row_and_keeps_all_rows(
    admin: FlaskClient, ids: dict[str, str]
) -> None:
    children = {
        **tahapan(0, ids["ketua_rt"]),
        **tahapan(1, ids["lurah"], sla_menit="lima"),
        **isian(0, label=""),
    }
    page = send(admin, blank(admin), **versi(ids, 72), **children)
    assert page.status == 422
    assert "Tahapan baris 2: SOP" in summary(page)
    assert "Isian baris 1: Label" in summary(page)
    again = page.form("layanan_id", "nomor")
    assert again.fields["tahapan-0-nama"] == "Langkah 1"
    assert again.fields["tahapan-1-sla_menit"] == "lima"
    assert again.fields["isian-0-kode"] == "tanya_1"
    fixed = {"tahapan-1-sla_menit": "5", "isian-0-label": "Keperluan"}
    assert "sudah ditambahkan" in send(admin, again, **fixed).main


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("Tahapan baris 1", {"tahapan-0-sla_menit": "0"}, "Paling sedikit 1."),
        ("Isian baris 1", {"isian-0-kode": "Bukan Kode"}, "huruf kecil"),
        ("Isian baris 1", {"isian-0-tipe": "pilihan"}, "perlu opsi"),
    ],
)
def test_a_rule_of_the_childs_model_names_its_row(
    admin: FlaskClient, ids: dict[str, str], name: str, row: dict[str, str], message: str
) -> None:
    children = {**tahapan(0, ids["ketua_rt"]), **isian(0), **row}
    page = send(admin, blank(admin), **versi(ids, 73), **children)
    assert page.status == 422
    assert name in summary(page)
    assert message in summary(page)
    assert page.form("layanan_id", "nomor").fields["tahapan-0-nama"] == "Langkah 1"


def test_two_children_of_one_kode_are_refused_with_the_row_named(
    admin: FlaskClient, ids: dict[str, str]
) -> None:
    children = {**tahapan(0, ids["ketua_rt"]), **isian(0), **isian(1, kode="tanya_1")}
    page = send(admin, blank(admin), **versi(ids, 74), **children)
    assert page.status == 422
    assert "Isian baris 2" in summary(page)
    assert "Kode" in summary(page)
    assert page.form("layanan_id", "nomor").fields["isian-1-kode"] == "tanya_1"


def test_two_tahapan_may_change_places(
    admin: FlaskClient, portal: Portal, ids: dict[str, str]
) -> None:
    children = {**tahapan(0, ids["ketua_rt"]), **tahapan(1, ids["lurah"])}
    assert "sudah ditambahkan" in send(admin, blank(admin), **versi(ids, 75), **children).main
    form = edit_form(admin, 75)
    first, second = (rows_of(form, "tahapan", "nama")[f"Langkah {n}"] for n in (1, 2))
    page = send(admin, form, **{f"{first}urutan": "2", f"{second}urutan": "1"})
    assert "Perubahan sudah disimpan" in page.main, summary(page)
    assert names(portal, 75)["tahapan"] == ["Langkah 2", "Langkah 1"]


def test_a_published_version_is_refused_in_words(admin: FlaskClient, portal: Portal) -> None:
    before = names(portal, 1) if _is_only_one(portal) else None
    with Session(portal.engine) as session:
        where = VersiLayanan.sebutan == "SKTM versi 1"
        id_ = session.scalars(select(VersiLayanan.id).where(where)).one()
    # No link leads here any more; who knows the address is still refused.
    form = open_page(admin, f"/data/versi_layanan/edit/?id={id_}").form("layanan_id", "nomor")
    key = next(iter(rows_of(form, "tahapan", "nama").values()))
    page = send(admin, form, **{f"{key}nama": "Diam-diam diubah"})
    assert page.status in (409, 422)
    assert "Versi yang sudah terbit tidak dapat diubah" in page.main
    assert before is None or names(portal, 1) == before


def _is_only_one(portal: Portal) -> bool:
    with Session(portal.engine) as session:
        return len(session.scalars(select(VersiLayanan).where(VersiLayanan.nomor == 1)).all()) == 1


def test_more_children_than_a_form_takes_and_odd_names_do_not_crash(
    admin: FlaskClient, ids: dict[str, str]
) -> None:
    odd = {
        **{f"isian-{n}-kode": "x" for n in range(150)},
        "tahapan-99999-nama": "jauh",
        "tahapan--nama": "kosong",
        "persyaratan-0-id": "9" * 40,
        "isian-0-id": "1' OR '1'='1",
    }
    assert send(admin, blank(admin), **versi(ids, 76), **odd).status == 422
