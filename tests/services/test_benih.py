"""`bangkit seed`: complete, the same twice, careful with what an admin changed, fit to work."""

import re
from collections import Counter
from datetime import UTC, datetime
from itertools import groupby

import pytest
from flask import Flask
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash

import app as package
from app.models.base import HostModel
from app.models.berkas import Berkas
from app.models.biodata import Shdk, StatusDasar, StatusKawin
from app.models.hari_libur import HariLibur
from app.models.jam_layanan import JamLayanan
from app.models.keluarga import Keluarga
from app.models.layanan import Layanan
from app.models.nik import parse_nik
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.persyaratan import Persyaratan
from app.models.policy import unscoped
from app.models.referensi import Referensi
from app.models.seksi import Seksi
from app.models.tahapan import Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.models.wilayah import Tingkat, Wilayah
from app.routing import Alur, Kalender, tambah
from app.services import benih
from app.services.benih_akun import SANDI_CONTOH
from app.services.benih_sumber import read_layanan
from app.services.dunia import load_alur, load_jalur
from app.services.kalender import load_kalender
from app.services.pelaku import load_pelaku
from config import load_config
from tests.walk import RANTAI, SENIN, unit


def seed(app: Flask, *options: str) -> str:
    result = app.test_cli_runner(catch_exceptions=False).invoke(args=["bangkit", "seed", *options])
    assert result.exit_code == 0, result.output
    return str(result.output)


def contents(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, below the row policy."""
    tables: list[Table] = HostModel.metadata.sorted_tables
    return {
        table.name: sorted(
            (tuple(row) for row in session.connection().execute(table.select())), key=repr
        )
        for table in tables
    }


def count(session: Session, model: type, *where: object) -> int:
    with unscoped(session, "uji menghitung"):
        return session.scalar(select(func.count(model.id)).where(*where)) or 0


def residents(session: Session) -> list[Penduduk]:
    with unscoped(session, "uji membaca penduduk", keep=True):
        return list(session.scalars(select(Penduduk).order_by(Penduduk.keluarga_id, Penduduk.id)))


def test_seeding_again_changes_nothing(app: Flask, session: Session) -> None:
    before = contents(session)
    session.rollback()
    output = seed(app)
    assert contents(session) == before
    assert set(re.findall(r": (\d+) ditambahkan", output)) == {"0"}


def test_the_seed_counts(session: Session) -> None:
    assert {
        tingkat: count(session, Wilayah, Wilayah.tingkat == tingkat)
        for tingkat in (Tingkat.KECAMATAN, Tingkat.KELURAHAN, Tingkat.RW, Tingkat.RT)
    } == {"kecamatan": 1, "kelurahan": 6, "rw": 18, "rt": 54}
    assert count(session, HariLibur) == 25
    assert count(session, Seksi) == 6 * 4 + 3
    assert 550 <= count(session, Penduduk) <= 650
    assert 180 <= count(session, Keluarga) <= 220
    assert count(session, Berkas) == 0


def test_demo_units_are_marked_as_such(session: Session) -> None:
    is_contoh = Wilayah.alamat == "Data contoh"
    below = Wilayah.tingkat.in_((Tingkat.RW, Tingkat.RT))
    assert count(session, Wilayah, below, ~is_contoh) == 0
    assert count(session, Wilayah, ~below, is_contoh) == 0
    codes = list(session.scalars(select(Wilayah.kode_unit).where(Wilayah.kode_unit.is_not(None))))
    assert len(set(codes)) == 7
    assert all(kode.startswith("425.xxx") for kode in codes)


def test_every_rt_has_living_residents(session: Session) -> None:
    with unscoped(session, "uji menghitung"):
        per_rt = dict(
            session.execute(
                select(Penduduk.rt_id, func.count())
                .where(Penduduk.status_dasar == StatusDasar.HIDUP)
                .group_by(Penduduk.rt_id)
            ).all()
        )
    rt = set(session.scalars(select(Wilayah.id).where(Wilayah.tingkat == Tingkat.RT)))
    assert set(per_rt) == rt
    assert min(per_rt.values()) >= 3


def test_every_nik_is_valid_and_of_the_demo_serials(session: Session) -> None:
    rows = residents(session)
    for row in rows:
        nik = parse_nik(row.nik)
        assert nik.galat is None
        assert nik.disagreements(row.jenis_kelamin, row.tanggal_lahir) == []
        assert re.fullmatch(r"357401\d{6}99\d\d", row.nik)
        assert row.alasan_nik is None
    assert len({row.nik for row in rows}) == len(rows)
    with unscoped(session, "uji membaca KK"):
        numbers = list(session.scalars(select(Keluarga.no_kk)))
    assert all(re.fullmatch(r"357401\d{6}99\d\d", no_kk) for no_kk in numbers)


def test_each_family_hangs_together(session: Session) -> None:
    for _, group in groupby(residents(session), key=lambda row: row.keluarga_id):
        family = list(group)
        heads = [row for row in family if row.shdk == Shdk.KEPALA_KELUARGA]
        assert [row.status_dasar for row in heads] == [StatusDasar.HIDUP]
        assert len({(row.wilayah_id, row.alamat, row.agama) for row in family}) == 1
        born = {row.nama: row.tanggal_lahir for row in family if row.shdk != Shdk.ANAK}
        for row in family:
            if row.shdk in (Shdk.SUAMI, Shdk.ISTRI):
                assert row.status_kawin == heads[0].status_kawin == StatusKawin.KAWIN
            if row.shdk == Shdk.ANAK:
                assert {row.nama_ayah, row.nama_ibu} & set(born)
                assert row.tanggal_lahir > heads[0].tanggal_lahir
            if row.shdk == Shdk.ANAK or row.status_kawin != StatusKawin.KAWIN:
                assert row.status_catat_kawin is None


def test_one_resident_died_and_one_moved(session: Session) -> None:
    found = Counter(row.status_dasar for row in residents(session))
    assert (found[StatusDasar.MATI], found[StatusDasar.PINDAH]) == (1, 1)
    rt = unit(session, "RT 001/RW 002 Pilang")
    assert count(session, Penduduk, Penduduk.rt_id == rt, Penduduk.status_dasar == "mati") == 1


def alur_by_kode(session: Session) -> dict[str, tuple[VersiLayanan, Alur]]:
    versions = session.scalars(
        select(VersiLayanan).where(
            VersiLayanan.status == StatusVersi.TERBIT, VersiLayanan.nomor == 1
        )
    )
    return {versi.layanan.kode: (versi, load_alur(session, versi.id)) for versi in versions}


def test_every_layanan_is_published_and_its_alur_can_be_walked(session: Session) -> None:
    found = alur_by_kode(session)
    entries = {entry["kode"]: entry for entry in read_layanan()}
    assert found.keys() == entries.keys()
    assert len(found) == 24
    levels = load_jalur(session, unit(session, "RT 001/RW 002 Pilang"))
    for kode, (versi, alur) in found.items():
        minutes = session.scalar(
            select(func.sum(Tahapan.sla_menit)).where(Tahapan.versi_layanan_id == versi.id)
        )
        assert minutes == versi.sla_total_menit == entries[kode]["sop_menit"], kode
        assert {step.tingkat for step in alur.tahapan} <= levels.keys()
        assert [step.wajib for step in alur.tahapan] == [False] * (len(alur.tahapan) - 1) + [True]


def test_sktm_walks_through_nine_desks(session: Session) -> None:
    _, alur = alur_by_kode(session)["SKTM"]
    assert [(step.kode, step.seksi_kode) for step in alur.tahapan] == [
        ("01_ketua_rt", None),
        ("02_ketua_rw", None),
        ("03_petugas_kelurahan", None),
        ("04_kasi_kelurahan", "kesejahteraan_sosial"),
        ("05_lurah", None),
        ("06_petugas_kecamatan", None),
        ("07_kasi_kecamatan", "kesejahteraan_sosial"),
        ("08_sekcam", None),
        ("09_camat", None),
    ]


def test_one_step_of_each_layanan_numbers(session: Session) -> None:
    steps = dict(
        session.execute(
            select(Layanan.kode, Tahapan.kode)
            .join(VersiLayanan, VersiLayanan.layanan_id == Layanan.id)
            .join(Tahapan, Tahapan.versi_layanan_id == VersiLayanan.id)
            .where(Tahapan.memberi_nomor.is_(True))
        ).all()
    )
    assert len(steps) == 24
    assert steps["PGT"] == "01_ketua_rt"
    assert steps["SKTM"] == "05_lurah"
    assert steps["LEGAL"] == "03_camat"


def test_only_the_rt_and_rw_of_birth_and_death_may_be_skipped(session: Session) -> None:
    skippable = {
        kode: [step.peran for step in alur.tahapan if step.boleh_dilewati]
        for kode, (_, alur) in alur_by_kode(session).items()
        if any(step.boleh_dilewati for step in alur.tahapan)
    }
    assert skippable == {kode: ["ketua_rt", "ketua_rw"] for kode in ("SKM", "SKL")}


def test_each_section_a_step_names_exists_at_its_units(session: Session) -> None:
    for tingkat in (Tingkat.KELURAHAN, Tingkat.KECAMATAN):
        named = {
            step.seksi_kode
            for _, alur in alur_by_kode(session).values()
            for step in alur.tahapan
            if step.tingkat == tingkat and step.seksi_kode
        }
        for unit_id in session.scalars(select(Wilayah.id).where(Wilayah.tingkat == tingkat)):
            assert named == set(
                session.scalars(select(Seksi.kode).where(Seksi.wilayah_id == unit_id))
            )


def persyaratan(session: Session, layanan: str) -> dict[str, tuple[bool, object, str | None]]:
    rows = session.scalars(
        select(Persyaratan)
        .join(VersiLayanan, VersiLayanan.id == Persyaratan.versi_layanan_id)
        .join(Layanan, Layanan.id == VersiLayanan.layanan_id)
        .where(Layanan.kode == layanan)
    )
    return {row.kode: (row.wajib, row.syarat, row.keterangan) for row in rows}


def test_a_condition_over_fixed_options_is_machine_readable_and_prose_is_not(
    session: Session,
) -> None:
    kk = persyaratan(session, "KK")
    both = [["jenis", "in", ["KK baru", "Pisah KK"]]]
    assert kk["FC_NIKAH"] == (True, both, "jenis = KK baru atau Pisah KK")
    assert kk["KK_ASLI"] == (True, None, None)
    # KTP has no option "Hilang/rusak": the condition would never hold, so the officer judges it.
    assert persyaratan(session, "KTP")["HILANG"] == (False, None, "jenis = Hilang/rusak")
    assert persyaratan(session, "SKD")["SK_ASAL"] == (False, None, "pemohon pendatang")


def office(session: Session, sebutan: str) -> Kalender:
    return load_kalender(session, unit(session, sebutan))


@pytest.mark.parametrize("sebutan", ["Kecamatan Kademangan", "Kelurahan Pilang"])
def test_a_friday_afternoon_goes_on_on_monday_morning(session: Session, sebutan: str) -> None:
    # ROUTING §3 case 39: Friday 15.50 + 35 minutes is Monday 07.55 (WIB = UTC + 7).
    due = tambah(datetime(2026, 11, 27, 8, 50, tzinfo=UTC), 35, office(session, sebutan))
    assert due == datetime(2026, 11, 30, 0, 55, tzinfo=UTC)


def test_rt_heads_are_at_hand_on_a_sunday_evening(session: Session) -> None:
    # ROUTING §3 case 40: daily 06.00–21.00; Sunday 20.00 WIB + 35 minutes.
    start = datetime(2026, 11, 29, 13, 0, tzinfo=UTC)
    due = tambah(start, 35, office(session, "RT 001/RW 002 Pilang"))
    assert due == datetime(2026, 11, 29, 13, 35, tzinfo=UTC)


def test_every_account_of_the_chain_can_work_and_knows_the_password(session: Session) -> None:
    printed = dict(benih.list_akun(session))
    assert {username for username, _ in RANTAI} <= printed.keys()
    for username in [*printed, "rt003rw001.triwunglor"]:
        with unscoped(session, "uji membaca akun"):
            akun = session.scalars(select(Pengguna).where(Pengguna.username == username)).one()
        pelaku = load_pelaku(session, akun.id, SENIN)
        assert pelaku is not None
        assert len(pelaku.jabatan) == 1
        assert any(pelaku.grants.values())
    assert check_password_hash(akun.password or "", SANDI_CONTOH)
    assert printed["kasi.kesos.pilang"] == ("Kepala Seksi Kesejahteraan Sosial Kelurahan Pilang")


def test_the_command_prints_the_accounts_as_fictional(app: Flask) -> None:
    output = seed(app)
    assert "fiktif" in output
    assert SANDI_CONTOH in output
    assert re.search(r"^  rt001rw002\.pilang +Ketua RT 001/RW 002 Pilang$", output, re.MULTILINE)


def test_what_an_admin_changed_or_deleted_stays_so(app: Flask, session: Session) -> None:
    with unscoped(session, "uji mengubah", keep=True):
        kerja = session.scalars(select(Referensi).where(Referensi.nama == "PARAJI")).one()
        kerja.nama = "Dukun bayi"
        libur = session.scalars(select(HariLibur).order_by(HariLibur.tanggal)).first()
        jam = session.scalars(select(JamLayanan).where(JamLayanan.hari == "5")).first()
        warga = session.scalars(select(Penduduk).where(Penduduk.status_dasar == "mati")).one()
        for row in (libur, jam, warga):
            session.delete(row)
        session.commit()
    before = contents(session)
    session.rollback()
    seed(app)
    assert contents(session) == before


@pytest.fixture
def produksi(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("produksi")
    environ = {"BANGKIT_LINGKUNGAN": "produksi", "BANGKIT_NAMA_HOST": "portal.contoh.invalid"}
    app = package.create_app(load_config(environ, folder))
    app.test_cli_runner(catch_exceptions=False).invoke(args=["bangkit", "siapkan"])
    return app


def count_by_sql(app: Flask, table: str) -> int:
    with app.app_context(), app.extensions["sqlalchemy"].engine.connect() as connection:
        target = HostModel.metadata.tables[table]
        return int(connection.scalar(select(func.count()).select_from(target)) or 0)


def test_production_gets_reference_data_and_demo_data_only_on_demand(produksi: Flask) -> None:
    output = seed(produksi)
    assert "Data contoh tidak diisi" in output
    assert SANDI_CONTOH not in output
    assert [count_by_sql(produksi, name) for name in ("layanan", "ab_user", "penduduk")] == [
        24,
        0,
        0,
    ]
    assert SANDI_CONTOH in seed(produksi, "--data-contoh")
    assert count_by_sql(produksi, "penduduk") > 500


def test_every_step_of_the_catalogue_says_what_to_do_and_that_it_is_an_example(
    session: Session,
) -> None:
    said = session.scalars(select(Tahapan.sop)).all()
    assert len(said) > 150
    assert all(sop is not None and sop.startswith("Contoh: ") for sop in said)
