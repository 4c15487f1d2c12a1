"""The first tour: five steps for every peran, offered until the person has seen enough."""

import pytest
from flask import Flask

from app.models.pelaku import Jabatan, Pelaku
from app.web.panduan import PANDUAN, tours
from tests.access.dunia import PERAN
from tests.web.halaman import open_page, sign_in


def test_every_peran_has_one_tour_of_five_different_steps(app: Flask) -> None:
    named = [peran for group, _, _ in PANDUAN for peran in group]
    assert sorted(named) == sorted(PERAN)
    for _, judul, langkah in PANDUAN:
        assert len({nama for nama, _ in langkah}) == 5, judul


@pytest.mark.parametrize(
    ("username", "judul"),
    [
        ("rt001rw002.pilang", "Untuk Ketua RT dan Ketua RW"),
        ("petugas.pilang", "Untuk petugas pelayanan dan kepala seksi"),
        ("lurah.pilang", "Untuk pimpinan"),
        ("admin", "Untuk admin kecamatan"),
        ("auditor", "Untuk auditor"),
    ],
)
def test_the_tour_is_that_of_ones_own_work(app: Flask, username: str, judul: str) -> None:
    page = open_page(sign_in(app, username), "/panduan/")
    assert [h.get_text(strip=True) for h in page.soup.select("main h2")] == [judul]
    assert len(page.soup.select("ol.panduan > li")) == 5


def test_who_holds_two_kinds_of_post_reads_both_tours(app: Flask) -> None:
    posts = tuple(
        Jabatan(n, peran, n, "kelurahan", peran)
        for n, peran in enumerate(("lurah", "camat", "ketua_rt"))
    )
    with app.test_request_context("/"):
        judul = [tour["judul"] for tour in tours(Pelaku(1, "Siti", posts))]
    assert judul == ["Untuk Ketua RT dan Ketua RW", "Untuk pimpinan"]


def test_beranda_offers_the_tour_until_it_is_closed_on_every_device(app: Flask) -> None:
    text = "Baru di sini?"
    client = sign_in(app, "kasi.trantib")
    page = open_page(client, "/")
    assert text in page.main
    assert "/panduan/" in set(page.links())
    form = next(f for f in page.forms() if f.url == "/panduan/tutup/")
    for _ in range(2):
        assert client.post(form.url, data=form.fields).status_code == 302
    assert text not in open_page(client, "/").main
    assert text not in open_page(sign_in(app, "kasi.trantib"), "/").main
    assert text in open_page(sign_in(app, "camat"), "/").main
    assert "/panduan/tutup/" not in open_page(client, "/panduan/").text
