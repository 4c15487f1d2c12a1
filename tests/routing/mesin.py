"""Random people try random acts in a world that changes under them; held against the oracle."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.routing import (
    AKSI_SISTEM,
    AKSI_TAHAPAN,
    SISTEM,
    STATUS_TERTUTUP,
    Aksi,
    Alur,
    Dunia,
    JenisAksi,
    Keadaan,
    Op,
    Pemegang,
    Peristiwa,
    Syarat,
    Tolak,
    putuskan,
    terapkan,
)
from tests.routing.buku import record
from tests.routing.contoh import JALUR, RANTAI_SKTM, SEBELAH, make_alur, pejabat
from tests.routing.peramal import CLOSED, Peramal, home

SENIN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MOSTLY = st.sampled_from([True, True, True, True, False])
DATA = st.fixed_dictionaries({"a": st.integers(0, 3), "b": st.integers(0, 1)})
PASSES = st.sampled_from(
    [timedelta(seconds=n) for n in (1, 30, 60, 61)]
    + [timedelta(minutes=n) for n in (9, 10, 11)]
    + [timedelta(days=n) for n in (1, 13, 14)]
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "syarat": st.integers(1, 3).map(lambda n: (Syarat("a", Op.MINIMAL, n),)),
        "jika_kosong": st.sampled_from(["tunggu", "naik", "lewati"]),
        "kolom_dijamin": st.sampled_from([("a",), ("b",), ("a", "b")]),
        "beda_orang": st.booleans(),
        "boleh_pelaksana": st.booleans(),
        "boleh_dilewati": st.booleans(),
        "memberi_nomor": st.booleans(),
        "seksi_kode": st.just("kesra"),
    },
)


@st.composite
def alurs(draw: st.DrawFn) -> Alur:
    """Draw two to six steps of the SKTM chain, each with odd settings; a kode names its post."""
    picks = sorted(draw(st.sets(st.integers(0, 8), min_size=2, max_size=6)))
    odd = draw(st.sets(st.integers(1, len(picks) - 1), max_size=3))
    ubah = {n: draw(FIELDS) for n in sorted(odd)}
    for n, pick in enumerate(picks, 1):
        ubah[n] = {**ubah.get(n, {}), "kode": RANTAI_SKTM[pick][0]}
    return make_alur([RANTAI_SKTM[i] for i in picks], ubah, maks_kembali=2)


@st.composite
def officers(draw: st.DrawFn) -> Pemegang:
    """Draw an officer on the jalur, now and then next door, of a pool of few people."""
    peran = draw(st.sampled_from([p for p, _ in RANTAI_SKTM]))
    base = pejabat(peran, draw(st.integers(0, 2)), pengguna_id=draw(st.integers(1, 8)))
    if draw(st.integers(0, 5)) == 0:
        tingkat = next(t for t, w in JALUR.items() if w == base.wilayah_id)
        base = replace(base, wilayah_id=SEBELAH[tingkat])
    sifat = draw(st.sampled_from(["definitif", "definitif", "plt"]))
    return replace(base, sifat=sifat, seksi_kode=draw(st.sampled_from([None, "kesra"])))


@st.composite
def worlds(draw: st.DrawFn) -> Dunia:
    """Draw a world with few vacancies, few people on many posts, and now and then a family tie."""
    vacant = draw(st.sets(st.sampled_from(RANTAI_SKTM), max_size=3))
    people = draw(st.lists(st.integers(1, 8), min_size=9, max_size=9))
    own = [
        pejabat(peran, pengguna_id=person)
        for (peran, aksi), person in zip(RANTAI_SKTM, people, strict=True)
        if (peran, aksi) not in vacant
    ]
    unique = {p.penugasan_id: p for p in (*own, *draw(st.lists(officers(), max_size=3)))}
    return Dunia(
        pemegang=tuple(sorted(unique.values(), key=id_of)),
        seksi=draw(st.sampled_from([frozenset(), frozenset({(JALUR["kelurahan"], "kesra")})])),
        keluarga_pemohon=draw(st.frozensets(st.integers(1, 8), max_size=1)),
        kini=SENIN,
    )


def id_of(pemegang: Pemegang) -> int:
    """Order people by their penugasan."""
    return pemegang.penugasan_id


class Mesin(RuleBasedStateMachine):
    """One berkas, its oracle, and the world around both."""

    @initialize(data=st.data(), alur=alurs(), dunia=worlds(), awal=DATA, tanpa_rw=st.booleans())
    def start(
        self,
        data: st.DataObject,
        alur: Alur,
        dunia: Dunia,
        awal: dict[str, object],
        tanpa_rw: bool,
    ):
        """Begin with a draft, mostly filed at once."""
        jalur = {t: w for t, w in JALUR.items() if t != "rw" or not tanpa_rw}
        if alur.tahapan[-1].tingkat == "rw":
            jalur = dict(JALUR)
        self.alur, self.dunia = alur, dunia
        self.keadaan = self.ulang = Keadaan(jalur=jalur, data=awal)
        self.peramal = Peramal(alur, jalur, awal)
        self.riwayat: list[Peristiwa] = []
        self.undos = 0
        self.longest = len(alur.tahapan)
        if not self.peramal.may_file(dunia, jalur):
            extra = pejabat(alur.tahapan[0].peran, 9)
            self.dunia = replace(dunia, pemegang=(*dunia.pemegang, extra))
        able = self.peramal.may_file(self.dunia, jalur)
        if able and data.draw(MOSTLY):
            filing = Aksi(JenisAksi.AJUKAN, 0, self.draw_person(data, able))
            self.attempt(replace(filing, surat_pengantar=data.draw(st.booleans())))

    def attempt(self, aksi: Aksi) -> bool:
        """Hold one act against the oracle; apply it when it is accepted."""
        expected = self.peramal.allows(aksi, self.dunia)
        hasil = putuskan(self.alur, self.keadaan, aksi, self.dunia)
        assert hasil == putuskan(self.alur, self.keadaan, aksi, self.dunia), "I10"
        assert isinstance(hasil, Tolak) is not expected, (hasil, aksi)
        if isinstance(hasil, Tolak):
            return False
        self.check_actor(aksi)
        before = self.keadaan
        (peristiwa,) = hasil
        self.keadaan = terapkan(self.keadaan, peristiwa)
        self.check_visits(before, peristiwa)
        # I7: what riwayat stores is enough; each row is read back and folded as it comes.
        stored = json.loads(json.dumps(peristiwa.to_isi()))
        whole = Peristiwa.from_isi(stored, peristiwa.catatan, peristiwa.alasan_kode)
        assert whole == replace(peristiwa, data=None), "I7"
        self.ulang = replace(
            terapkan(self.ulang, Peristiwa.from_isi(stored)), data=self.keadaan.data
        )
        assert self.ulang == self.keadaan, "I7"
        self.riwayat.append(peristiwa)
        self.peramal = record(self.peramal, aksi, self.dunia)
        if aksi.alur_baru is not None:
            self.alur = aksi.alur_baru
            self.longest = max(self.longest, len(self.alur.tahapan))
        self.undos += aksi.jenis == "urungkan"
        return True

    def check_actor(self, aksi: Aksi) -> None:
        """I2, I3, I5, I17 and I19, of an act that was accepted."""
        assert self.keadaan.status not in STATUS_TERTUTUP, "I2"
        claim = self.peramal.claimed(self.dunia)
        if aksi.jenis in (*AKSI_TAHAPAN, "kembalikan", "tolak", "ambil"):
            assert aksi.pelaku in self.peramal.may_act(self.dunia), "I3"
            assert aksi.pelaku.pengguna_id not in self.dunia.keluarga_pemohon, "I5"
            assert claim is None or claim[1] == aksi.pelaku.pengguna_id, "I17"
        if aksi.jenis in ("kembalikan", "tolak"):
            assert aksi.catatan.strip(), "I19"
            assert aksi.alasan_kode.strip(), "I19"
        if aksi.jenis in AKSI_SISTEM:
            assert aksi.pelaku == SISTEM

    def check_visits(self, before: Keadaan, peristiwa: Peristiwa) -> None:
        """I6 and I11: old visits stay as they were, new ones rise without gaps."""
        changed = {k.ke for k in peristiwa.kunjungan_ubah} | {peristiwa.ke}
        kept = [k for k in before.kunjungan if k.ke not in changed]
        assert kept == [k for k in self.keadaan.kunjungan[: before.ke] if k.ke not in changed], "I6"
        if peristiwa.jenis not in ("urungkan", "migrasi"):
            newest = {before.ke} if before.terbuka is not None else set()
            assert changed <= newest | {None}, "I6"
        if peristiwa.ke is not None:
            closed = self.keadaan.kunjungan[peristiwa.ke - 1]
            pelaku = peristiwa.pelaku
            by = (closed.penugasan_id, closed.pengguna_id)
            assert by == (pelaku.penugasan_id, pelaku.pengguna_id), "I3"
        new = [k.urutan for k in peristiwa.kunjungan_baru]
        assert new == list(range(new[0], new[0] + len(new))) if new else True, "I11"
        assert not any(k.is_terbuka for k in peristiwa.kunjungan_baru[:-1])
        if peristiwa.jenis in AKSI_TAHAPAN and new:
            assert new[0] == before.kunjungan[-1].urutan + 1, "I11"
        assert [k.ke for k in self.keadaan.kunjungan] == list(range(1, self.keadaan.ke + 1)), "I11"

    def draw_person(self, data: st.DataObject, able: set[Pemegang]) -> Pemegang:
        """Draw mostly from those who may, so that walks get somewhere."""
        pool = sorted(able, key=id_of)
        anyone = not pool or not data.draw(MOSTLY)
        return data.draw(st.sampled_from(self.dunia.pemegang if anyone else pool))

    def act(self, jenis: str, pelaku: Pemegang, **facts: object) -> bool:
        """Attempt an act on the newest visit with a full reason."""
        facts = {"catatan": "x", "alasan_kode": "x", **facts}
        return self.attempt(Aksi(JenisAksi(jenis), self.keadaan.ke, pelaku, **facts))

    @rule(dunia=worlds())
    def world_changes(self, dunia: Dunia) -> None:
        old = self.dunia
        self.dunia = replace(dunia, seksi=old.seksi, kini=old.kini, pengganti=old.pengganti)

    @rule(pemegang=officers(), moves=st.booleans())
    def post_is_filled(self, pemegang: Pemegang, moves: bool) -> None:
        if moves:
            pemegang = replace(pemegang, wilayah_id=home(pemegang.wilayah_id, self.dunia))
        rest = [p for p in self.dunia.pemegang if p.penugasan_id != pemegang.penugasan_id]
        self.dunia = replace(self.dunia, pemegang=(*rest, pemegang))

    @precondition(lambda self: len(self.dunia.pengganti) < 2)
    @rule(tingkat=st.sampled_from(["rt", "rt", "rw", "kelurahan"]), move=st.booleans())
    def unit_is_retired(self, tingkat: str, move: bool) -> None:
        old, new = JALUR[tingkat], SEBELAH[tingkat]
        people = self.dunia.pemegang
        if move:
            people = tuple(replace(p, wilayah_id=new) if p.wilayah_id == old else p for p in people)
        pengganti = {**self.dunia.pengganti, old: new}
        self.dunia = replace(self.dunia, pemegang=people, pengganti=pengganti)

    @rule(sekian=PASSES)
    def time_passes(self, sekian: timedelta) -> None:
        self.dunia = replace(self.dunia, kini=self.dunia.kini + sekian)

    @rule(
        data=st.data(),
        jenis=st.sampled_from([j for j in JenisAksi if j != "migrasi"]),
        geser=st.sampled_from([-1, 0, 0, 0, 1]),
        isi=st.sampled_from(["", " ", "x"]),
        kode=st.sampled_from(["", " ", "x"]),
    )
    def anyone_tries_anything(
        self, data: st.DataObject, jenis: JenisAksi, geser: int, isi: str, kode: str
    ) -> None:
        pelaku = data.draw(st.sampled_from((*self.dunia.pemegang, SISTEM)))
        self.attempt(Aksi(jenis, self.keadaan.ke + geser, pelaku, isi, kode))

    @precondition(lambda self: self.keadaan.status in ("draf", "dikembalikan"))
    @rule(data=st.data(), baru=st.none() | DATA, surat=st.booleans(), pindah=st.integers(0, 9))
    def someone_files(
        self, data: st.DataObject, baru: dict[str, object] | None, surat: bool, pindah: int
    ) -> None:
        jalur = {**self.peramal.jalur, "rt": SEBELAH["rt"]} if pindah == 0 else None
        able = self.peramal.may_file(self.dunia, jalur or self.peramal.jalur)
        pelaku = self.draw_person(data, able)
        self.act("ajukan", pelaku, data=baru, jalur=jalur, surat_pengantar=surat)

    @precondition(lambda self: self.keadaan.terbuka)
    @rule(data=st.data())
    def the_desk_approves(self, data: st.DataObject) -> None:
        able = self.peramal.may_act(self.dunia)
        self.act(self.peramal.step.aksi, self.draw_person(data, able))

    @precondition(lambda self: self.keadaan.terbuka)
    @rule(data=st.data(), jenis=st.sampled_from(["kembalikan"] * 4 + ["tolak"]))
    def the_desk_objects(self, data: st.DataObject, jenis: str) -> None:
        self.act(jenis, self.draw_person(data, self.peramal.may_act(self.dunia)))

    @precondition(lambda self: self.keadaan.terbuka)
    @rule(data=st.data())
    def the_desk_claims(self, data: st.DataObject) -> None:
        self.act("ambil", self.draw_person(data, self.peramal.may_act(self.dunia)))

    @precondition(lambda self: self.peramal.claim)
    @rule(data=st.data(), who=st.sampled_from(["sapu", "atasan", "sendiri"]))
    def a_claim_ends(self, data: st.DataObject, who: str) -> None:
        assert self.peramal.claim is not None
        owner = {p for p in self.dunia.pemegang if p.penugasan_id == self.peramal.claim[0]}
        pool = owner if who == "sendiri" else self.peramal.superiors(self.dunia)
        self.act("lepas", SISTEM if who == "sapu" else self.draw_person(data, pool))

    @precondition(lambda self: self.keadaan.terbuka)
    @rule(data=st.data(), sapu=st.booleans(), leave=st.integers(0, 2))
    def the_visit_is_placed_anew(self, data: st.DataObject, sapu: bool, leave: int) -> None:
        """Mostly after the desk has emptied."""
        gone = self.peramal.may_act(self.dunia) if leave else set()
        rest = tuple(p for p in self.dunia.pemegang if p not in gone)
        self.dunia = replace(self.dunia, pemegang=rest or self.dunia.pemegang)
        pool = self.peramal.superiors(self.dunia)
        self.act("alihkan", SISTEM if sapu else self.draw_person(data, pool))

    @precondition(lambda self: self.riwayat and self.keadaan.status not in STATUS_TERTUTUP)
    @rule(data=st.data(), often=st.integers(0, 5), note=st.sampled_from(["", "x"]))
    def somebody_cancels(self, data: st.DataObject, often: int, note: str) -> None:
        side = self.peramal.may_file(self.dunia, self.peramal.jalur)
        side |= self.peramal.counters(self.dunia, self.peramal.jalur)
        if often == 0:
            self.act("batalkan", self.draw_person(data, side), catatan=note)

    @precondition(lambda self: self.keadaan.status == "dikembalikan")
    @rule(hari=st.sampled_from([13, 14, 15]), often=st.integers(0, 3))
    def nobody_corrects(self, hari: int, often: int) -> None:
        if often == 0:
            self.time_passes(timedelta(days=hari))
            self.act("kedaluwarsa", SISTEM)

    @precondition(lambda self: self.peramal.undo)
    @rule(data=st.data())
    def somebody_regrets(self, data: st.DataObject) -> None:
        assert self.peramal.undo is not None
        own = {p for p in self.dunia.pemegang if p.penugasan_id == self.peramal.undo[1]}
        self.act("urungkan", self.draw_person(data, own))

    @precondition(lambda self: self.riwayat)
    @rule(
        jenis=st.sampled_from(["eskalasi", "eskalasi", "hitung_ulang", "kedaluwarsa"]),
        buka=st.booleans(),
    )
    def the_sweep_comes(self, jenis: str, buka: bool) -> None:
        self.act(jenis, SISTEM, rincian={"buka_atasan": buka})

    @precondition(lambda self: not self.riwayat)
    @rule(penutup=st.sampled_from([*CLOSED, "diproses", ""]), biasa=st.integers(0, 9))
    def an_old_case_is_imported(self, penutup: str, biasa: int) -> None:
        if biasa == 0:
            self.act("impor", SISTEM, rincian={"penutup": penutup})

    @precondition(lambda self: self.riwayat)
    @rule(data=st.data(), often=st.integers(0, 3))
    def a_new_version_takes_over(self, data: st.DataObject, often: int) -> None:
        if often == 0:
            self.act("migrasi", SISTEM, alur_baru=data.draw(alurs()))
