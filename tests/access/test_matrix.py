"""Every peran at every door of every resource: open exactly where the model grants the action."""

import pytest
from werkzeug.test import TestResponse

from app.generator.spec import EntitySpec
from tests.access.doors import DOORS, REFUSED, Orang
from tests.access.dunia import PERAN, SPECS, Dunia, grants
from tests.access.rows import body_of, form_of

WRITES = {"add", "edit", "delete"}
READ_ONLY = [name for name, spec in SPECS.items() if not WRITES & set(spec.actions)]
MUST_BE_READ_ONLY = {
    *("Berkas", "Riwayat", "Kunjungan", "Surat", "NomorSurat", "Lampiran", "BerkasPersyaratan"),
    *("KotakKeluar", "EskalasiTerjadi", "CatatanEkspor", "PembukaanData", "Pekerjaan"),
    *("Perubahan", "CatatanImpor"),
}
"""Written by acts of the office or by the system, never by a form (DESIGN §4)."""

FIXED = {"Peran": ("kode",)}
"""Columns of a form that no edit may change, by resource."""


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
    values = dunia.own.build(spec.model)
    before = dunia.fingerprint()
    statuses = {}
    for door in DOORS:
        if door.action == "export" and "export" in granted:
            continue  # Writes a note of itself; test_exports looks at it.
        is_granted = door.action in granted
        if door.action == "add" and door.name != "new" and not is_granted:
            status = _add(orang, spec, values, door.name).status_code
        else:
            status = door.knock(
                orang, spec.slug, 0 if door.harms and is_granted else row
            ).status_code
        if status not in (door.granted if is_granted else REFUSED):
            statuses[door.name] = status
    assert statuses == {}
    assert dunia.fingerprint() == before


def _add(orang: Orang, spec: EntitySpec, values: object, door: str) -> TestResponse:
    if door == "API post":
        return orang.api("POST", f"{spec.slug}/", body_of(spec, values))
    return orang.post(f"/data/{spec.slug}/new/", form_of(spec, values))


@pytest.mark.parametrize(("resource", "peran"), granting("add"))
def test_who_may_add_adds_by_form_and_by_api(dunia: Dunia, resource: str, peran: str) -> None:
    spec, orang = SPECS[resource], dunia.holder(peran)
    for door, wanted in (("new, sent", 302), ("API post", 201)):
        values = dunia.own.build(spec.model)
        before = _count(dunia, resource)
        answer = _add(orang, spec, values, door)
        assert answer.status_code == wanted, answer.get_data(as_text=True)[-3000:]
        assert _count(dunia, resource) == before + 1


@pytest.mark.parametrize(("resource", "peran"), granting("edit"))
def test_who_may_edit_changes_a_row_by_form_and_by_api(
    dunia: Dunia, resource: str, peran: str
) -> None:
    spec, orang = SPECS[resource], dunia.holder(peran)
    row, values = dunia.own.make(spec.model), dunia.own.build(spec.model)
    body, fixed = body_of(spec, values), FIXED.get(resource, ())
    first = orang.api(
        "PUT", f"{spec.slug}/{row}", {k: v for k, v in body.items() if k not in fixed}
    )
    assert first.status_code == 200, first.get_json()
    shown = first.get_json()["result"]
    form = form_of(spec, values) | {"revisi": str(shown["revisi"])}
    form |= {name: str(shown[name]) for name in fixed}
    answer = orang.post(f"/data/{spec.slug}/edit/", form, id=row)
    assert answer.status_code == 302, answer.get_data(as_text=True)[-3000:]


@pytest.mark.parametrize(("resource", "peran"), granting("delete"))
def test_who_may_delete_deletes_by_form_in_bulk_and_by_api(
    dunia: Dunia, resource: str, peran: str
) -> None:
    spec, orang = SPECS[resource], dunia.holder(peran)
    for door in [d for d in DOORS if d.harms]:
        row = dunia.own.make(spec.model)
        before = _count(dunia, resource)
        assert door.knock(orang, spec.slug, row).status_code in (200, 302)
        assert _count(dunia, resource) == before - 1, door.name
    dunia.own.ids.clear()  # One of the rows made here may have become the place's own.


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
