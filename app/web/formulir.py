"""The form of a filing: the isian of the layanan, and who asks if the register knows him not."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from flask import current_app, url_for

from app.extensions import db
from app.generator.fields import mask_middle
from app.generator.forms import GeneratedForm, build_form
from app.generator.inputs import NikInput
from app.generator.isian import describe_isian
from app.generator.lookups import Lookup
from app.generator.spec import FieldSpec
from app.models.berkas import Berkas
from app.models.biodata import JenisKelamin
from app.models.versi_layanan import VersiLayanan
from app.models.wilayah import Wilayah
from app.services.pemohon import PANJANG_NAMA, PANJANG_TEKS, Identitas
from app.teks import N_

AWALAN = "pemohon_"
"""Begins the names of the identity's fields, so that no isian can be called the same."""

KELAMIN = tuple((kelamin.value, kelamin.label) for kelamin in JenisKelamin)


def build(
    versi: VersiLayanan,
    posted: Any,
    *,
    stored: Berkas | None = None,
    awal: Mapping[str, Any] | None = None,
    rt: Sequence[tuple[str, str]] = (),
    is_stranger: bool = False,
) -> GeneratedForm:
    """Return the bound form, filled with ``awal`` and a ``stored`` berkas before anything is typed.

    Each known NIK is shown masked beside an empty field; left empty it stays as it is.
    """
    fields = describe_isian(versi.isian, Wilayah.__name__)
    if is_stranger:
        fields = (*_identity_fields(rt), *fields)
    specs = current_app.extensions["specs"]
    lookups = {f.name: Lookup(db.session, specs, f) for f in fields if f.target}
    known = {**(awal or {}), **(stored_answers(versi, stored) if stored else {})}
    maker = build_form("IsianForm", fields, lookups, editing=bool(known))
    form = maker(posted, data=known)
    for spec in fields:
        if spec.mask and known.get(spec.name):
            form[spec.name].current = mask_middle(str(known[spec.name]))
            form[spec.name].is_pemohon = stored is None
            if posted is None:
                form[spec.name].data = None
    for field in form:
        if getattr(field, "render_kind", "") == "relasi":
            # Search where the form of wilayah does.
            field.lookup_url = url_for("wilayah.ajax_lookup", name="induk_id")
    return form


def _identity_fields(rt: Sequence[tuple[str, str]]) -> tuple[FieldSpec, ...]:
    one_rt = rt[0][0] if len(rt) == 1 else None
    lines = (
        ("nama", N_("Nama lengkap"), "teks", {"required": True, "length": PANJANG_NAMA}),
        ("nik", N_("NIK"), "nik", {"help": N_("Kosongkan bila tidak punya, lalu isi dokumen.")}),
        (
            *("dokumen", N_("Dokumen identitas lain"), "teks"),
            {"length": PANJANG_TEKS, "help": N_("Jenis dan nomornya, misalnya Paspor B1234567.")},
        ),
        (
            *("jenis_kelamin", N_("Jenis kelamin"), "pilihan"),
            {"required": True, "choices": KELAMIN},
        ),
        ("tempat_lahir", N_("Tempat lahir"), "teks", {"required": True, "length": PANJANG_NAMA}),
        ("tanggal_lahir", N_("Tanggal lahir"), "tanggal", {"required": True}),
        ("alamat", N_("Alamat sekarang"), "teks", {"required": True, "length": PANJANG_TEKS}),
        (
            *("wilayah", N_("RT tempat tinggal"), "pilihan"),
            {"required": True, "choices": tuple(rt), "default": one_rt},
        ),
    )
    return tuple(FieldSpec(AWALAN + name, label, kind, **more) for name, label, kind, more in lines)


def sections(form: GeneratedForm) -> list[dict[str, Any]]:
    """Return the bound fields by section, as the template draws them."""
    names = tuple(form._fields)
    own = tuple(name for name in names if name.startswith(AWALAN))
    rest = tuple(name for name in names if name not in own)
    return form.sections({N_("Pemohon"): own, N_("Isian"): rest})


def answers_of(
    form: GeneratedForm, stored: Berkas | None = None, awal: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what was answered to the isian, by kode; a NIK not typed anew is the known one."""
    old = {**(awal or {}), **(stored.isian if stored is not None else {})}
    return {
        name: old.get(name) if isinstance(field, NikInput) and not field.data else field.data
        for name, field in form._fields.items()
        if not name.startswith(AWALAN)
    }


def identity_of(form: GeneratedForm) -> Identitas:
    """Return the identity that was typed in."""
    typed = {
        name: form[AWALAN + name].data
        for name in Identitas.__dataclass_fields__
        if name != "wilayah_id"
    }
    unit = form[AWALAN + "wilayah"].data
    return Identitas(**typed, wilayah_id=int(unit) if unit else None)


def stored_answers(versi: VersiLayanan, berkas: Berkas) -> dict[str, Any]:
    """Return what a berkas holds as the form's fields hold it, most of a typed identity too."""
    read: dict[str, Callable[[Any], Any]] = {
        "tanggal": date.fromisoformat,
        "jam": time.fromisoformat,
        "uang": lambda value: Decimal(str(value)),
    }
    fields = describe_isian(versi.isian, Wilayah.__name__)
    found = {
        f.name: read[f.kind](value) if f.kind in read else value
        for f in fields
        if (value := berkas.isian.get(f.name)) not in (None, "")
    }
    if berkas.pemohon_id is not None:
        return found
    # A form never holds a stored number: the document is looked at again.
    kept = ("nama", "jenis_kelamin", "tempat_lahir", "alamat")
    known = {AWALAN + name: berkas.data_pemohon.get(name) for name in kept}
    born = berkas.data_pemohon.get("tanggal_lahir")
    known[AWALAN + "tanggal_lahir"] = date.fromisoformat(str(born)) if born else None
    return {**known, **found, AWALAN + "wilayah": str(berkas.wilayah_asal_id)}
