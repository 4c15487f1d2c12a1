"""Every peran at every door of every resource: open exactly where the model grants the action."""

import pytest

from app.generator.spec import EntitySpec
from tests.access.doors import API_DOORS, REFUSED, SCREEN_DOORS, WRITING, Orang
from tests.access.dunia import PERAN, SPECS, Dunia, grants
from tests.access.rows import body_of, form_of

WRITES = {"add", "edit", "delete"}
READ_ONLY = [name for name, spec in SPECS.items() if not WRITES & set(spec.actions)]
MUST_BE_READ_ONLY = {
    *("Berkas", "Riwayat", "Kunjungan", "Surat", "NomorSurat", "Lampiran", "BerkasPersyaratan"),
    *("KotakKeluar", "EskalasiTerjadi", "CatatanEkspor", "PembukaanData"),
}
"""Written by acts of the office or by the system, never by a form (DESIGN §4)."""


def granting(action: str) -> list[tuple[str, str]]:
    """Return (resource, peran) wherever this action is granted."""
    return [(r, p) for r in SPECS for p in PERAN if action in grants(r, p)]


@pytest.mark.parametrize("peran", PERAN)
@pytest.mark.parametrize("resource", SPECS)
def test_a_door_opens_exactly_to_whom_the_model_grants_it(
    dunia: Dunia, resource: str, peran: str
) -> None:
    spec, granted, orang = SPECS[resource], grants(resource, peran), dunia.holder(peran)
    row = dunia.own.id_of(spec.model)
    before = dunia.fingerprint()
    wrong = []
    for door in (*SCREEN_DOORS, *API_DOORS):
        if door.action == "export" and "export" in granted:
            continue  # writes a note; `test_exports` looks at it
        status = door.knock(orang, spec.slug, row).status_code
        wanted = door.granted if door.action in granted else REFUSED
        if status not in wanted:
            wrong.append(f"{door.name}: {status} instead of {sorted(wanted)}")
    assert wrong == []
    assert dunia.fingerprint() == before


@pytest.mark.parametrize("peran", PERAN)
@pytest.mark.parametrize("resource", SPECS)
def test_who_may_not_write_changes_nothing_with_a_real_row_and_real_values(
    dunia: Dunia, resource: str, peran: str
) -> None:
    spec, granted, orang = SPECS[resource], grants(resource, peran), dunia.holder(peran)
    row = dunia.own.id_of(spec.model)
    values = dunia.own.build(spec.model)
    before = dunia.fingerprint()
    statuses = {
        door.name: door.knock(orang, spec.slug, row).status_code
        for door in WRITING
        if door.action not in granted
    }
    if "add" not in granted:
        statuses |= _add(orang, spec, values)
    assert {name: s for name, s in statuses.items() if s not in REFUSED} == {}
    assert dunia.fingerprint() == before


def _add(orang: Orang, spec: EntitySpec, values: object) -> dict[str, int]:
    form, body = form_of(spec, values), body_of(spec, values)
    return {
        "new, sent": orang.post(f"/data/{spec.slug}/new/", form).status_code,
        "API post": orang.api("POST", f"{spec.slug}/", body).status_code,
    }


@pytest.mark.parametrize(("resource", "peran"), granting("add"))
def test_who_may_add_adds_by_form_and_by_api(dunia: Dunia, resource: str, peran: str) -> None:
    spec, orang = SPECS[resource], dunia.holder(peran)
    for wanted, send in ((302, "new, sent"), (201, "API post")):
        values = dunia.own.build(spec.model)
        before = _count(dunia, resource)
        assert _add_by(orang, spec, values, send) == wanted
        assert _count(dunia, resource) == before + 1


def _add_by(orang: Orang, spec: EntitySpec, values: object, send: str) -> int:
    if send == "API post":
        answer = orang.api("POST", f"{spec.slug}/", body_of(spec, values))
    else:
        answer = orang.post(f"/data/{spec.slug}/new/", form_of(spec, values))
    assert answer.status_code < 400, answer.get_data(as_text=True)[-3000:]
    return answer.status_code


@pytest.mark.parametrize(("resource", "peran"), granting("edit"))
def test_who_may_edit_changes_a_row_by_form_and_by_api(
    dunia: Dunia, resource: str, peran: str
) -> None:
    spec, orang = SPECS[resource], dunia.holder(peran)
    row, values = dunia.own.make(spec.model), dunia.own.build(spec.model)
    name = next(f.name for f in spec.pick(spec.form_names) if f.kind in ("teks", "angka"))
    if resource == "Peran":
        name = "nama"  # the kode of a peran is fixed
    first = orang.api("PUT", f"{spec.slug}/{row}", {name: getattr(values, name)})
    assert first.status_code == 200, first.get_json()
    form = form_of(spec, values) | {"revisi": str(_revisi(orang, spec, row))}
    if resource == "Peran":
        form["kode"] = orang.api("GET", f"{spec.slug}/{row}").get_json()["result"]["kode"]
    answer = orang.post(f"/data/{spec.slug}/edit/", form, id=row)
    assert answer.status_code == 302, answer.get_data(as_text=True)[-3000:]
    assert _revisi(orang, spec, row) > int(form["revisi"]) - 1


def _revisi(orang: Orang, spec: EntitySpec, row: int) -> int:
    return int(orang.api("GET", f"{spec.slug}/{row}").get_json()["result"]["revisi"])


@pytest.mark.parametrize(("resource", "peran"), granting("delete"))
def test_who_may_delete_deletes_by_form_in_bulk_and_by_api(
    dunia: Dunia, resource: str, peran: str
) -> None:
    spec, orang = SPECS[resource], dunia.holder(peran)
    for name, door in {d.name: d for d in WRITING}.items():
        if name not in ("delete", "bulk", "API delete"):
            continue
        row = dunia.own.make(spec.model)
        before = _count(dunia, resource)
        assert door.knock(orang, spec.slug, row).status_code in (200, 302)
        assert _count(dunia, resource) == before - 1, name
    dunia.own.ids.clear()


def _count(dunia: Dunia, resource: str) -> int:
    table = SPECS[resource].model.__table__.name
    return next(rows for name, rows, _ in dunia.fingerprint() if name == table)


def test_what_the_work_writes_is_read_only_to_everybody() -> None:
    assert set(READ_ONLY) == MUST_BE_READ_ONLY


@pytest.mark.parametrize("resource", READ_ONLY)
def test_a_read_only_resource_has_no_writing_route_in_the_api(dunia: Dunia, resource: str) -> None:
    spec, orang = SPECS[resource], dunia.holder("admin_kecamatan")
    row = dunia.own.id_of(spec.model)
    statuses = {
        "post": orang.api("POST", f"{spec.slug}/", {}).status_code,
        "put": orang.api("PUT", f"{spec.slug}/{row}", {}).status_code,
        "delete": orang.api("DELETE", f"{spec.slug}/{row}").status_code,
    }
    assert statuses == {"post": 405, "put": 405, "delete": 405}
