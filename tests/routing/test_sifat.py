"""The properties I1 to I19 of ROUTING §4 on random walks, with an oracle as the second opinion."""

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant

from app.routing import (
    AKSI_SISTEM,
    AKSI_TAHAPAN,
    SISTEM,
    STATUS_BERJALAN,
    STATUS_TERTUTUP,
    JenisAksi,
    Pemegang,
    aksi_tersedia,
    kandidat,
)
from tests.routing.contoh import JALUR, RANTAI_SKTM, SEBELAH, pejabat
from tests.routing.mesin import Mesin, id_of
from tests.routing.peramal import MACHINE_ACTS, STEP_ACTS, home

FASE = {"draf": "draf", "dikembalikan": "pengaju"}
RUNS = 60 if settings.get_current_profile_name() == "mutasi" else 1500


class BerkasBerjalan(Mesin):
    """What holds of the berkas after every step."""

    @invariant()
    def the_oracle_agrees(self) -> None:
        keadaan, peramal = self.keadaan, self.peramal
        assert {*kandidat(self.alur, keadaan, self.dunia)} == peramal.may_act(self.dunia)
        assert keadaan.ke == peramal.ke
        assert keadaan.status == "dikembalikan" or keadaan.balik_ke is None
        terbuka = keadaan.terbuka
        if terbuka is None or terbuka.meja is None or peramal.post is None:
            return
        meja, post, step = terbuka.meja, peramal.post, peramal.step
        assert (terbuka.urutan, terbuka.tahapan, terbuka.aksi) == (
            step.urutan,
            step.kode,
            step.aksi,
        )
        assert (meja.peran, meja.wilayah_id, meja.seksi_kode, meja.seharusnya_id, meja.sebab) == (
            post.peran,
            post.unit,
            post.seksi,
            post.belongs,
            post.cause,
        ), "I16"
        assert terbuka.sebab == meja.sebab
        assert (terbuka.penugasan_id, terbuka.pengguna_id) == (None, None)
        klaim = terbuka.klaim
        stored = klaim and (klaim.penugasan_id, klaim.pengguna_id, klaim.sampai)
        assert stored == peramal.claim, "I17"
        assert terbuka.status == ("menunggu" if peramal.claim is None else "diambil")
        own = {*keadaan.jalur.values()}
        assert meja.wilayah_id in own | {home(u, self.dunia) for u in own}, "I4"

    @invariant()
    def one_open_visit_while_running(self) -> None:
        visits = self.keadaan.kunjungan
        is_running = self.keadaan.status in STATUS_BERJALAN
        assert sum(k.is_terbuka for k in visits) == is_running, "I1"
        fase = FASE.get(self.keadaan.status, "meja" if is_running else "tutup")
        assert fase == self.peramal.fase
        if self.keadaan.status in STATUS_TERTUTUP:
            for pelaku in (*self.dunia.pemegang[:2], SISTEM):
                assert aksi_tersedia(self.alur, self.keadaan, pelaku, self.dunia) == (), "I2"

    @invariant()
    def returns_and_visits_are_bounded(self) -> None:
        assert self.keadaan.kembali == self.peramal.returns <= self.alur.maks_kembali, "I15"
        # An undone act is walked once more.
        rounds = self.alur.maks_kembali + 1 + self.undos
        assert self.keadaan.ke <= self.longest * rounds, "I15"

    @invariant()
    def what_stands_is_true(self) -> None:
        peramal, berlaku = self.peramal, self.keadaan.berlaku
        standing = {k.urutan: k for k in berlaku if k.status == "disetujui"}
        assert {u: k.pengguna_id for u, k in standing.items()} == {
            u: who for u, (who, _) in peramal.approvals.items()
        }
        assert {k.urutan: k.sebab for k in berlaku if k.status == "dilewati"} == peramal.skipped
        for step in self.alur.tahapan:
            if step.urutan in standing:
                then = peramal.approvals[step.urutan][1]
                for kolom in step.kolom_dijamin:
                    assert then[kolom] == self.keadaan.data[kolom], "I13"
                earlier = {k.pengguna_id for u, k in standing.items() if u < step.urutan}
                twice = standing[step.urutan].pengguna_id in earlier
                barred = step.beda_orang and step.urutan not in peramal.inherited
                assert not (barred and twice), "I14"

    @invariant()
    def selesai_means_every_step_was_judged(self) -> None:
        if self.keadaan.status != "selesai" or not self.keadaan.kunjungan:
            return
        berlaku = self.keadaan.berlaku
        every = {step.urutan for step in self.alur.tahapan}
        assert {k.urutan for k in berlaku} == every - self.peramal.excused, "I12"
        assert berlaku[-1].status == "disetujui", "I12"
        for k in berlaku:
            if k.sebab == "syarat_tidak_terpenuhi" and k.urutan not in self.peramal.inherited:
                syarat = self.alur.step(k.tahapan).syarat
                assert not all(s.holds(self.keadaan.data) for s in syarat), "I12"

    def teardown(self) -> None:
        """I18: fill every post with fresh people who approve, and the berkas comes to an end."""
        if not hasattr(self, "alur") or self.keadaan.status in STATUS_TERTUTUP | {"draf"}:
            return
        self.dunia = replace(self.dunia, pemegang=tuple(self.fresh_people()))
        for _ in range(3 * len(self.alur.tahapan) + 3):
            if self.keadaan.status in STATUS_TERTUTUP:
                break
            if self.keadaan.terbuka is None:
                able = self.peramal.may_file(self.dunia, self.peramal.jalur)
                assert self.act("ajukan", min(able, key=id_of)), "I18"
                continue
            if not self.peramal.may_act(self.dunia):
                assert self.act("alihkan", SISTEM), "I18: the sweep finds no desk"
            done = {k.pengguna_id for k in self.keadaan.kunjungan}
            able = {p for p in self.peramal.may_act(self.dunia) if p.pengguna_id not in done}
            assert self.act(self.peramal.step.aksi, min(able, key=id_of)), "I18"
        assert self.keadaan.status == "selesai", "I18"

    def fresh_people(self) -> list[Pemegang]:
        """Return five unrelated people for every post of every unit that was not retired."""
        people = []
        for i, (peran, _) in enumerate(RANTAI_SKTM):
            own = pejabat(peran).wilayah_id
            beside = next(SEBELAH[t] for t, unit in JALUR.items() if unit == own)
            for unit in sorted({own, beside} - {*self.dunia.pengganti}):
                for n in range(5):
                    serial = 10_000 + 100 * i + 10 * (unit == own) + n
                    fields = {"pengguna_id": serial, "wilayah_id": unit, "seksi_kode": "kesra"}
                    people.append(pejabat(peran, penugasan_id=serial, **fields))
        return people


TestBerkasBerjalan = BerkasBerjalan.TestCase
TestBerkasBerjalan.settings = settings(
    max_examples=RUNS,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_the_oracle_and_the_engine_name_the_same_acts() -> None:
    assert {*STEP_ACTS} == {*AKSI_TAHAPAN}
    assert {*MACHINE_ACTS} == {*AKSI_SISTEM} <= {*JenisAksi}
