"""Properties that compare two worlds (ROUTING §4): what must not matter does not."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.routing import (
    SISTEM,
    Aksi,
    Alur,
    Dunia,
    JenisAksi,
    Keadaan,
    Op,
    Pemegang,
    Syarat,
    Tolak,
    kandidat,
    putuskan,
    sisi_pengaju,
    terapkan,
)
from tests.routing.contoh import JALUR
from tests.routing.mesin import DATA, alurs, officers, worlds

RUNS = 40 if settings.get_current_profile_name() == "mutasi" else 250
PLANS = st.lists(st.sampled_from(["maju", "maju", "maju", "kembali", "buka"]), max_size=12)
NEVER = (Syarat("kolom_yang_tidak_ada", Op.SAMA, "x"),)


def walk(alur: Alur, dunia: Dunia, data: dict[str, object], plan: list[str]) -> list[Keadaan]:
    """Follow a plan with whoever may act first; return every state on the way."""
    states = [Keadaan(jalur=JALUR, data=data)]
    for word in ["maju", *plan]:
        aksi = next_act(alur, states[-1], dunia, word)
        hasil = Tolak("usang") if aksi is None else putuskan(alur, states[-1], aksi, dunia)
        if not isinstance(hasil, Tolak):
            states.append(terapkan(states[-1], hasil[0]))
    return states


def next_act(alur: Alur, keadaan: Keadaan, dunia: Dunia, word: str) -> Aksi | None:
    """Return the act that a word of the plan stands for, None where nobody may take it."""
    if keadaan.terbuka is None:
        able = sisi_pengaju(alur, keadaan, dunia) if keadaan.pengaju else dunia.pemegang
        able = [p for p in able if keadaan.pengaju or p.peran in alur.peran_pengaju]
        jenis = JenisAksi.AJUKAN
    else:
        able = [SISTEM] if word == "buka" else kandidat(alur, keadaan, dunia)
        jenis = {"kembali": JenisAksi.KEMBALIKAN, "buka": JenisAksi.ESKALASI}.get(
            word, keadaan.terbuka.aksi
        )
    if not able:
        return None
    rincian = {"buka_atasan": True} if jenis == "eskalasi" else {}
    return Aksi(jenis, keadaan.ke, able[0], "x", "x", rincian=rincian)


@settings(max_examples=RUNS)
@given(alurs(), worlds(), DATA, PLANS, officers())
def test_another_holder_removes_no_candidate_of_an_open_visit(
    alur: Alur, dunia: Dunia, data: dict[str, object], plan: list[str], baru: Pemegang
) -> None:
    """Where the ladder let the superiors in, a nearer one may take the place of a farther one."""
    baru = replace(baru, penugasan_id=9999)
    more = replace(dunia, pemegang=(*dunia.pemegang, baru))
    for keadaan in walk(alur, dunia, data, plan):
        before = {*kandidat(alur, keadaan, dunia)}
        if keadaan.terbuka is not None and keadaan.terbuka.buka_atasan:
            assert keadaan.terbuka.meja is not None
            here = keadaan.terbuka.meja.wilayah_id
            before = {p for p in before if p.wilayah_id == here}
        assert before <= {*kandidat(alur, keadaan, more)}


@settings(max_examples=RUNS)
@given(alurs(), worlds(), DATA, PLANS, st.permutations(range(5000, 5012)))
def test_other_names_for_the_units_change_no_route(
    alur: Alur, dunia: Dunia, data: dict[str, object], plan: list[str], numbers: list[int]
) -> None:
    units = sorted({p.wilayah_id for p in dunia.pemegang} | {*JALUR.values()})
    new = dict(zip(units, numbers, strict=False))
    renamed = replace(
        dunia,
        pemegang=tuple(replace(p, wilayah_id=new[p.wilayah_id]) for p in dunia.pemegang),
        seksi=frozenset((new[unit], kode) for unit, kode in dunia.seksi),
    )
    here = walk(alur, dunia, data, plan)
    draft = Keadaan(jalur={t: new[w] for t, w in JALUR.items()}, data=data)
    there = [draft]
    for keadaan in here[1:]:
        last = keadaan.terakhir
        assert last is not None
        aksi = replay_act(here[len(there) - 1], last.jenis, last.penugasan_id, renamed)
        hasil = putuskan(alur, there[-1], aksi, renamed)
        assert not isinstance(hasil, Tolak), hasil
        there.append(terapkan(there[-1], hasil[0]))
    assert [route(k, {}) for k in there] == [route(k, new) for k in here]


def replay_act(keadaan: Keadaan, jenis: JenisAksi, penugasan_id: int, dunia: Dunia) -> Aksi:
    """Return the same act by the same appointment in another world."""
    people = {p.penugasan_id: p for p in (*dunia.pemegang, SISTEM)}
    rincian = {"buka_atasan": True} if jenis == "eskalasi" else {}
    return Aksi(jenis, keadaan.ke, people[penugasan_id], "x", "x", rincian=rincian)


def route(keadaan: Keadaan, new: dict[int, int]) -> list[object]:
    """Return where a berkas has been, with the units by their new names."""
    return [
        (
            k.tahapan,
            k.status,
            k.sebab,
            k.meja and (k.meja.peran, new.get(k.meja.wilayah_id, k.meja.wilayah_id)),
        )
        for k in keadaan.kunjungan
    ]


@settings(max_examples=RUNS)
@given(alurs(), worlds(), DATA, PLANS, st.integers(1, 5))
def test_a_step_that_is_never_due_changes_only_the_skips(
    alur: Alur, dunia: Dunia, data: dict[str, object], plan: list[str], place: int
) -> None:
    """The extra step is a copy of its neighbour, so that the flow knows no new post."""
    place = min(place, len(alur.tahapan) - 1)
    extra = replace(alur.tahapan[place - 1], kode="tambahan", syarat=NEVER, wajib=False)
    steps = (*alur.tahapan[:place], extra, *alur.tahapan[place:])
    longer = replace(alur, tahapan=tuple(replace(t, urutan=n) for n, t in enumerate(steps, 1)))
    short, long = walk(alur, dunia, data, plan), walk(longer, dunia, data, plan)
    assert [route_without(k) for k in long] == [route_without(k) for k in short]
    assert [k.status for k in long] == [k.status for k in short]


def route_without(keadaan: Keadaan) -> list[object]:
    """Return the route without the visits to the extra step."""
    return [row for row in route(keadaan, {}) if row[0] != "tambahan"]
