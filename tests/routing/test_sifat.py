"""The properties I1 to I19 of ROUTING §4 on random walks, with an oracle as the second opinion."""

import json
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.routing import (
    AKSI_TAHAPAN,
    STATUS_BERJALAN,
    STATUS_TERTUTUP,
    Aksi,
    Dunia,
    JenisAksi,
    Keadaan,
    Op,
    Pemegang,
    Peristiwa,
    Syarat,
    Tolak,
    aksi_tersedia,
    kandidat,
    putuskan,
    replay,
    terapkan,
)
from tests.routing.contoh import JALUR, RANTAI_SKTM, SEBELAH, make_alur, pejabat
from tests.routing.peramal import STEP_ACTS, Peramal

DECISIONS = (*STEP_ACTS, "ajukan", "kembalikan", "tolak", "batalkan")
MOSTLY = st.sampled_from([True, True, True, True, False])
DATA = st.fixed_dictionaries({"a": st.integers(0, 3), "b": st.integers(0, 1)})
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "syarat": st.integers(1, 3).map(lambda n: (Syarat("a", Op.MINIMAL, n),)),
        "jika_kosong": st.sampled_from(["tunggu", "naik", "lewati"]),
        "kolom_dijamin": st.sampled_from([("a",), ("b",), ("a", "b")]),
        "beda_orang": st.booleans(),
        "boleh_pelaksana": st.booleans(),
        "boleh_dilewati": st.booleans(),
        "seksi_kode": st.just("kesra"),
    },
)


@st.composite
def officers(draw: st.DrawFn) -> Pemegang:
    """Draw an officer on the jalur, seldom next door, of a pool of few people."""
    peran = draw(st.sampled_from([p for p, _ in RANTAI_SKTM]))
    base = pejabat(peran, draw(st.integers(0, 2)), pengguna_id=draw(st.integers(1, 8)))
    if draw(st.integers(0, 9)) == 0:
        tingkat = next(t for t, w in JALUR.items() if w == base.wilayah_id)
        base = replace(base, wilayah_id=SEBELAH[tingkat])
    sifat = draw(st.sampled_from(["definitif", "definitif", "plt"]))
    return replace(base, sifat=sifat, seksi_kode=draw(st.sampled_from([None, "kesra"])))


@st.composite
def worlds(draw: st.DrawFn) -> Dunia:
    """Draw a world with few vacancies, few people on many posts, and now and then a family tie."""
    vacant = draw(st.sets(st.sampled_from(RANTAI_SKTM), max_size=3))
    own = [pejabat(p, pengguna_id=draw(st.integers(1, 8))) for p, _ in {*RANTAI_SKTM} - vacant]
    extra = draw(st.lists(officers(), max_size=5))
    unique = {p.penugasan_id: p for p in (*own, *extra)}
    return Dunia(
        pemegang=tuple(sorted(unique.values(), key=id_of)),
        seksi=draw(st.sampled_from([frozenset(), frozenset({(JALUR["kelurahan"], "kesra")})])),
        keluarga_pemohon=draw(st.frozensets(st.integers(1, 8), max_size=1)),
    )


def id_of(pemegang: Pemegang) -> int:
    """Order people by their penugasan."""
    return pemegang.penugasan_id


class BerkasBerjalan(RuleBasedStateMachine):
    """Random people try random acts in a world that changes under them."""

    @initialize(data=st.data(), dunia=worlds(), awal=DATA, tanpa_rw=st.booleans())
    def start(self, data: st.DataObject, dunia: Dunia, awal: dict[str, object], tanpa_rw: bool):
        """Draw an alur of two to six steps of the SKTM chain, each with odd settings."""
        picks = data.draw(st.sets(st.integers(0, 8), min_size=2, max_size=6))
        ubah = {n: data.draw(FIELDS) for n in range(1, len(picks))}
        self.alur = make_alur([RANTAI_SKTM[i] for i in sorted(picks)], ubah, maks_kembali=2)
        jalur = dict(JALUR)
        if tanpa_rw and self.alur.tahapan[-1].tingkat != "rw":
            del jalur["rw"]
        self.dunia = dunia
        self.awal = self.keadaan = Keadaan(jalur=jalur, data=awal)
        self.peramal = Peramal(self.alur, jalur, awal)
        self.riwayat: list[Peristiwa] = []
        able = self.peramal.may_file(dunia, jalur)
        if able and data.draw(MOSTLY):
            filing = Aksi(JenisAksi.AJUKAN, 0, self.draw_person(data, able))
            self.attempt(replace(filing, surat_pengantar=data.draw(st.booleans())))

    def attempt(self, aksi: Aksi) -> bool:
        """Hold one act against the oracle; apply it when it is accepted."""
        expected = self.peramal.allows(aksi, self.dunia)
        seated = self.peramal.may_act(self.dunia)
        hasil = putuskan(self.alur, self.keadaan, aksi, self.dunia)
        assert hasil == putuskan(self.alur, self.keadaan, aksi, self.dunia), "I10"
        assert isinstance(hasil, Tolak) is not expected, (hasil, aksi)
        if isinstance(hasil, Tolak):
            return False
        before = self.keadaan
        assert before.status not in STATUS_TERTUTUP, "I2"
        if aksi.jenis not in ("ajukan", "batalkan"):
            assert aksi.pelaku in seated, "I3"
            assert aksi.pelaku.pengguna_id not in self.dunia.keluarga_pemohon, "I5"
        for peristiwa in hasil:
            self.keadaan = terapkan(self.keadaan, peristiwa)
            self.riwayat.append(peristiwa)
        after = self.keadaan.kunjungan
        untouched = [k for k in before.kunjungan if not (k.is_terbuka and k.ke == aksi.ke)]
        assert untouched == [k for k in after[: before.ke] if k in untouched], "I6"
        self.peramal.record(aksi, self.dunia)
        return True

    @rule(dunia=worlds())
    def world_changes(self, dunia: Dunia) -> None:
        self.dunia = replace(dunia, seksi=self.dunia.seksi)

    @rule(pemegang=officers())
    def post_is_filled(self, pemegang: Pemegang) -> None:
        rest = [p for p in self.dunia.pemegang if p.penugasan_id != pemegang.penugasan_id]
        self.dunia = replace(self.dunia, pemegang=(*rest, pemegang))

    @rule(
        data=st.data(),
        jenis=st.sampled_from([JenisAksi(j) for j in DECISIONS]),
        geser=st.integers(-1, 1),
        isi=st.sampled_from(["", " ", "x"]),
        kode=st.sampled_from(["", "x"]),
    )
    def anyone_tries_anything(
        self, data: st.DataObject, jenis: JenisAksi, geser: int, isi: str, kode: str
    ) -> None:
        pelaku = data.draw(st.sampled_from(self.dunia.pemegang))
        self.attempt(Aksi(jenis, self.keadaan.ke + geser, pelaku, isi, kode))

    @precondition(lambda self: self.keadaan.status in ("draf", "dikembalikan"))
    @rule(data=st.data(), baru=st.none() | DATA, surat=st.booleans(), pindah=st.integers(0, 9))
    def someone_files(
        self, data: st.DataObject, baru: dict[str, object] | None, surat: bool, pindah: int
    ) -> None:
        jalur = {**self.peramal.jalur, "rt": SEBELAH["rt"]} if pindah == 0 else None
        able = self.peramal.may_file(self.dunia, jalur or self.peramal.jalur)
        pelaku = self.draw_person(data, able)
        self.attempt(
            Aksi(
                JenisAksi.AJUKAN,
                self.keadaan.ke,
                pelaku,
                data=baru,
                jalur=jalur,
                surat_pengantar=surat,
            )
        )

    @precondition(lambda self: self.keadaan.terbuka)
    @rule(data=st.data())
    def the_desk_approves(self, data: st.DataObject) -> None:
        self.decide(data, self.alur.tahapan[self.peramal.langkah - 1].aksi)

    @precondition(lambda self: self.keadaan.terbuka)
    @rule(data=st.data(), jenis=st.sampled_from(["kembalikan"] * 4 + ["tolak"]))
    def the_desk_objects(self, data: st.DataObject, jenis: str) -> None:
        self.decide(data, JenisAksi(jenis))

    def decide(self, data: st.DataObject, jenis: JenisAksi) -> None:
        """Let somebody, mostly of the desk, act on the open visit with a full reason."""
        pelaku = self.draw_person(data, self.peramal.may_act(self.dunia))
        self.attempt(Aksi(jenis, self.keadaan.ke, pelaku, "x", "x"))

    def draw_person(self, data: st.DataObject, able: set[Pemegang]) -> Pemegang:
        """Draw mostly from those who may, so that walks get somewhere."""
        pool = sorted(able, key=id_of)
        anyone = not pool or not data.draw(MOSTLY)
        return data.draw(st.sampled_from(self.dunia.pemegang if anyone else pool))

    @invariant()
    def the_oracle_agrees(self) -> None:
        keadaan, peramal = self.keadaan, self.peramal
        assert {*kandidat(self.alur, keadaan, self.dunia)} == peramal.may_act(self.dunia)
        assert keadaan.ke == peramal.ke
        if (terbuka := keadaan.terbuka) is not None and terbuka.meja is not None:
            meja = terbuka.meja
            assert (terbuka.urutan, meja.peran, meja.wilayah_id, meja.seksi_kode) == (
                peramal.langkah,
                *peramal.post,
            )
            assert meja.wilayah_id in keadaan.jalur.values(), "I4"

    @invariant()
    def one_open_visit_while_running(self) -> None:
        visits = self.keadaan.kunjungan
        is_running = self.keadaan.status in STATUS_BERJALAN
        assert sum(k.is_terbuka for k in visits) == is_running, "I1"
        fase = {"draf": "draf", "dikembalikan": "pengaju"}.get(
            self.keadaan.status, "meja" if is_running else "tutup"
        )
        assert fase == self.peramal.fase
        if self.keadaan.status in STATUS_TERTUTUP:
            for pelaku in self.dunia.pemegang[:3]:
                assert aksi_tersedia(self.alur, self.keadaan, pelaku, self.dunia) == (), "I2"

    @invariant()
    def the_stored_riwayat_replays_to_the_projection(self) -> None:
        stored = [json.loads(json.dumps(p.to_isi())) for p in self.riwayat]
        awal = Keadaan(jalur=self.awal.jalur, data=self.keadaan.data)
        assert replay(awal, map(Peristiwa.from_isi, stored)) == self.keadaan, "I7"

    @invariant()
    def visits_have_no_gaps_and_rise_within_a_round(self) -> None:
        assert [k.ke for k in self.keadaan.kunjungan] == list(range(1, self.keadaan.ke + 1)), "I11"
        for peristiwa in self.riwayat:
            assert [k.is_terbuka for k in peristiwa.kunjungan_baru[:-1]].count(True) == 0
        for before, after in zip(self.keadaan.kunjungan, self.keadaan.kunjungan[1:], strict=False):
            if before.status != "dikembalikan":
                assert after.urutan == before.urutan + 1, "I11"
        bound = len(self.alur.tahapan) * (self.alur.maks_kembali + 1)
        assert self.keadaan.kembali <= self.alur.maks_kembali, "I15"
        assert self.keadaan.ke <= bound, "I15"

    @invariant()
    def returns_and_refusals_carry_a_reason(self) -> None:
        for p in self.riwayat:
            if p.jenis in ("kembalikan", "tolak"):
                assert p.catatan.strip(), "I19"
                assert p.alasan_kode.strip(), "I19"

    @invariant()
    def what_stands_is_true(self) -> None:
        standing = {k.urutan: k for k in self.keadaan.berlaku if k.status == "disetujui"}
        assert {u: k.pengguna_id for u, k in standing.items()} == {
            u: who for u, (who, _) in self.peramal.approvals.items()
        }
        skipped = {k.urutan: k.sebab for k in self.keadaan.berlaku if k.status == "dilewati"}
        assert skipped == self.peramal.skipped
        for step in self.alur.tahapan:
            if step.urutan in standing:
                then = self.peramal.approvals[step.urutan][1]
                for kolom in step.kolom_dijamin:
                    assert then[kolom] == self.keadaan.data[kolom], "I13"
                earlier = {k.pengguna_id for u, k in standing.items() if u < step.urutan}
                assert not (step.beda_orang and standing[step.urutan].pengguna_id in earlier), "I14"
        if self.keadaan.status == "selesai":
            assert [k.urutan for k in self.keadaan.berlaku] == list(
                range(1, len(self.alur.tahapan) + 1)
            ), "I12"
            assert self.keadaan.berlaku[-1].status == "disetujui", "I12"
            for k in self.keadaan.berlaku:
                if k.sebab == "syarat_tidak_terpenuhi":
                    syarat = self.alur.step(k.tahapan).syarat
                    assert not all(s.holds(self.keadaan.data) for s in syarat), "I12"

    def teardown(self) -> None:
        """I18: fill every post with fresh people who approve, and the berkas comes to an end."""
        if not hasattr(self, "alur") or self.keadaan.status in STATUS_TERTUTUP | {"draf"}:
            return
        fresh = [
            pejabat(
                p,
                penugasan_id=10_000 + 10 * i + n,
                pengguna_id=10_000 + 10 * i + n,
                seksi_kode="kesra",
            )
            for i, (p, _) in enumerate(RANTAI_SKTM)
            for n in range(6)
        ]
        moved = [
            replace(
                p,
                penugasan_id=p.penugasan_id + 5000,
                pengguna_id=p.pengguna_id + 5000,
                wilayah_id=SEBELAH["rt"],
            )
            for p in fresh
            if p.peran == "ketua_rt"
        ]
        self.dunia = replace(self.dunia, pemegang=(*fresh, *moved))
        for _ in range(3 * len(self.alur.tahapan) + 3):
            terbuka = self.keadaan.terbuka
            ke = self.keadaan.ke
            if self.keadaan.status in STATUS_TERTUTUP:
                break
            if terbuka is None:
                able = self.peramal.may_file(self.dunia, self.peramal.jalur)
                assert self.attempt(Aksi(JenisAksi.AJUKAN, ke, min(able, key=id_of))), "I18"
            else:
                able = self.peramal.may_act(self.dunia)
                unused = {
                    p
                    for p in able
                    if p.pengguna_id not in {k.pengguna_id for k in self.keadaan.kunjungan}
                }
                assert self.attempt(Aksi(terbuka.aksi, ke, min(unused, key=id_of))), "I18"
        assert self.keadaan.status == "selesai", "I18"


TestBerkasBerjalan = BerkasBerjalan.TestCase
TestBerkasBerjalan.settings = settings(
    max_examples=120,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_the_oracle_and_the_engine_name_the_same_step_acts() -> None:
    assert {*STEP_ACTS} == {*AKSI_TAHAPAN}
