"""A long queue: pages that hold every berkas once, and counts of all of it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models.kunjungan import Kunjungan
from app.models.policy import unscoped
from app.services.antrean import count_antrean, list_antrean
from app.web import antrean as halaman_antrean
from tests.conftest import Portal
from tests.walk import PENGAJU, SENIN, act_as, file_sktm
from tests.web.halaman import open_page, sign_in

BANYAK = 7


@pytest.fixture(scope="module")
def filed(app: Flask, portal: Portal) -> list[int]:
    """Ids of berkas on the desk of one Ketua RT; the first two are late."""
    with Session(portal.engine) as session:
        ids = [file_sktm(session) for _ in range(BANYAK)]
        with unscoped(session, "uji memundurkan tenggat"):
            for berkas_id in ids[:2]:
                visit = session.query(Kunjungan).filter_by(berkas_id=berkas_id).one()
                visit.batas_waktu = SENIN - timedelta(days=1)
            session.commit()
        return ids


def test_the_pages_of_a_queue_hold_every_berkas_once(filed: list[int], portal: Portal) -> None:
    with Session(portal.engine) as session:
        pelaku = act_as(session, PENGAJU)
        whole = [row.berkas_id for row in list_antrean(session, pelaku, SENIN)]
        pages = [
            [row.berkas_id for row in list_antrean(session, pelaku, SENIN, mulai=n, limit=3)]
            for n in range(0, len(whole), 3)
        ]
    assert [id_ for page in pages for id_ in page] == whole
    assert set(filed) <= set(whole)


def test_the_counts_are_of_the_whole_queue_and_of_its_parts(
    filed: list[int], portal: Portal
) -> None:
    with Session(portal.engine) as session:
        pelaku = act_as(session, PENGAJU)
        counts = count_antrean(session, pelaku, SENIN)
        late = list_antrean(session, pelaku, SENIN, bagian="terlambat")
        assert counts[""] == len(list_antrean(session, pelaku, SENIN, limit=1000))
    assert {row.berkas_id for row in late} >= set(filed[:2])
    assert all(row.is_terlambat for row in late)
    assert counts["terlambat"] == len(late)
    assert counts["ttd"] == 0


def test_berkas_masuk_says_how_many_wait_and_leads_to_the_rest(
    app: Flask, filed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halaman_antrean, "PER_HALAMAN", 3)
    monkeypatch.setattr("app.web.berkas.PER_HALAMAN", 3)
    client = sign_in(app, PENGAJU)
    seen: list[str] = []
    url = "/berkas/masuk/"
    while url:
        page = open_page(client, url)
        assert f"{BANYAK} berkas menunggu tindakan Anda" in page.text
        seen += [a["href"] for a in page.soup.select("a.baris[href]")]
        link = page.soup.select_one("a[rel=next]")
        url = link["href"] if link else ""
    assert len(page.soup.select("a[rel=prev]")) == 1
    assert {f"/berkas/{id_}/" for id_ in filed} <= set(seen)
