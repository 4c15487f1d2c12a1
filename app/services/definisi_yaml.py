"""Definitions as files: the form of ``app/data/layanan.yaml``, extended to all a version holds.

What the short form leaves out follows the rules of ROUTING §6 (`definisi_bawaan`); what `dump`
writes says everything, so that ``parse(dump(x)) = x``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from app.models.isian import TipeIsian
from app.services.berkas_yaml import BerkasKeliruError, Kesalahan, Pembaca, Simpul, compose, line_of
from app.services.definisi import (
    Definisi,
    EskalasiDefinisi,
    IsianDefinisi,
    PersyaratanDefinisi,
    TahapanDefinisi,
)
from app.services.definisi_bawaan import complete_steps, parse_bila
from app.services.definisi_kunci import (
    ATTRIBUTE_BY_KEY,
    ESKALASI,
    ISIAN,
    KETERANGAN,
    PALING_SEDIKIT_SATU,
    PARTS,
    PERSYARATAN,
    TAHAPAN,
    VERSI,
)
from app.teks import N_


@dataclass(frozen=True)
class Acuan:
    """What a file may refer to: peran there are, and the documents by kode."""

    peran: frozenset[str]
    dokumen: Mapping[str, str]


@dataclass(frozen=True)
class Terbaca:
    """One definition of a file, with the line of each row by (bagian, kode)."""

    definisi: Definisi
    baris: Mapping[tuple[str, str | None], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Hasil:
    """What a file holds: definitions without a mistake, and every mistake."""

    terbaca: tuple[Terbaca, ...] = ()
    kesalahan: tuple[Kesalahan, ...] = ()


def parse(text: str, acuan: Acuan) -> Hasil:
    """Read a file of one or more definitions; every mistake is told with its line."""
    try:
        root = compose(text)
    except BerkasKeliruError as error:
        return Hasil(kesalahan=(error.kesalahan,))
    if root is None:
        return Hasil(kesalahan=(Kesalahan(1, N_("Berkas ini kosong.")),))
    nodes = root.value if isinstance(root, yaml.SequenceNode) else [root]
    read: list[Terbaca] = []
    mistakes: list[Kesalahan] = []
    for node in nodes:
        pembaca = _PembacaDefinisi(acuan)
        found = pembaca.definisi(node)
        mistakes += pembaca.kesalahan
        if found is not None and not pembaca.kesalahan:
            read.append(found)
    return Hasil(tuple(read), tuple(sorted(mistakes, key=lambda k: k.baris)))


class _PembacaDefinisi(Pembaca):
    """Reads the node of one definition."""

    def __init__(self, acuan: Acuan) -> None:
        super().__init__()
        self.acuan = acuan
        self.baris: dict[tuple[str, str | None], int] = {}

    def definisi(self, node: Simpul) -> Terbaca | None:
        parts = (*PARTS, "persyaratan_bersyarat", *KETERANGAN)
        nodes = self.mapping(node, {**VERSI, **dict.fromkeys(parts)})
        facts = self.row(node, nodes, VERSI)
        if facts.get("biaya") and not (facts.get("dasar_biaya") or "").strip():
            self.complain(nodes["biaya"], N_("Biaya harus menyebut Perda dasarnya."))
        isian = [self.isian(n, i) for i, n in enumerate(self.items(nodes.get("isian")), 1)]
        steps = self.steps(nodes.get("tahapan"))
        documents = self.documents(nodes, isian)
        if self.kesalahan:
            return None
        self.baris["versi", None] = line_of(node)
        return Terbaca(
            Definisi(
                **facts,
                tahapan=tuple(TahapanDefinisi(**step) for step in steps),
                isian=tuple(IsianDefinisi(**row) for row in isian),
                persyaratan=tuple(PersyaratanDefinisi(**row) for row in documents),
            ),
            self.baris,
        )

    def row(
        self, node: Simpul, nodes: Mapping[str, Simpul], columns: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return attribute → value of one row."""
        values = self.columns(node, nodes, columns)
        for key in PALING_SEDIKIT_SATU:
            if key in values and values[key] < 1:
                self.complain(nodes[key], N_("Nilai %(kunci)s paling sedikit 1."), kunci=key)
        return {ATTRIBUTE_BY_KEY.get(key, key): value for key, value in values.items()}

    def steps(self, node: Simpul | None) -> list[dict[str, Any]]:
        due = {key: column for key, column in TAHAPAN.items() if key != "kode"}
        steps, owners = [], self.items(node)
        before = len(self.kesalahan)
        for owner in owners:
            nodes = self.mapping(owner, {**TAHAPAN, "peran": None, "eskalasi": None})
            columns = {**due, "kode": TAHAPAN["kode"]} if "kode" in nodes else due
            step = self.row(owner, nodes, columns)
            step["peran"] = self.peran(owner, nodes)
            step["eskalasi"] = tuple(self.rung(n) for n in self.items(nodes.get("eskalasi")))
            steps.append(step)
        if len(self.kesalahan) == before:
            complete_steps(steps)
            for owner, step in zip(owners, steps, strict=True):
                self.remember("tahapan", owner, step["kode"])
        return steps

    def peran(self, owner: Simpul, nodes: Mapping[str, Simpul]) -> str:
        node = nodes.get("peran")
        if node is None:
            self.complain(owner, N_("Kunci %(kunci)s wajib diisi."), kunci="peran")
            return ""
        if not isinstance(node, yaml.ScalarNode) or node.value not in self.acuan.peran:
            self.complain(node, N_("Peran %(p)s tidak dikenal."), p=str(node.value)[:40])
        return str(node.value)

    def rung(self, node: Simpul) -> EskalasiDefinisi | None:
        before = len(self.kesalahan)
        facts = self.row(node, self.mapping(node, ESKALASI), ESKALASI)
        return EskalasiDefinisi(**facts) if len(self.kesalahan) == before else None

    def isian(self, node: Simpul, position: int) -> dict[str, Any]:
        nodes = self.mapping(node, ISIAN)
        without = {k: c for k, c in ISIAN.items() if k != "urutan" or k in nodes}
        facts = {"urutan": position, **self.row(node, nodes, without)}
        kode = facts.get("kode")
        if isinstance(kode, str) and not re.fullmatch(r"[a-z][a-z0-9_]*", kode):
            self.complain(node, N_("Kode memakai huruf kecil, angka, dan garis bawah."))
        opsi = facts.get("opsi")
        is_list = isinstance(opsi, list) and all(isinstance(o, str) for o in opsi)
        if (opsi is not None and not is_list) or (
            facts.get("tipe") == TipeIsian.PILIHAN and not opsi
        ):
            self.complain(node, N_("Tipe pilihan perlu opsi, berupa daftar teks."))
        self.remember("isian", node, kode)
        return facts

    def documents(
        self, nodes: Mapping[str, Simpul], isian: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        rows = [self.document(node) for node in self.items(nodes.get("persyaratan"))]
        for node in self.items(nodes.get("persyaratan_bersyarat")):
            short = self.mapping(node, {"kode": None, "bila": None})
            facts = self.columns(
                node,
                {"kode": short.get("kode", node), "keterangan": short.get("bila", node)},
                {"kode": PERSYARATAN["kode"], "keterangan": PERSYARATAN["keterangan"]},
            )
            if isinstance(bila := facts.get("keterangan"), str) and not self.kesalahan:
                # Prose is judged by the officer, who ticks it; the program cannot demand it.
                facts["syarat"] = parse_bila(bila, isian)
                facts["wajib"] = facts["syarat"] is not None
            rows.append(self.named(node, facts))
        return [{"urutan": n, **row} for n, row in enumerate(rows, 1)]

    def document(self, node: Simpul) -> dict[str, Any]:
        if isinstance(node, yaml.ScalarNode):
            kode = self.value(node, "kode", PERSYARATAN["kode"])
            return self.named(node, {"kode": kode})
        nodes = self.mapping(node, PERSYARATAN)
        due = {k: c for k, c in PERSYARATAN.items() if k not in ("nama", "urutan") or k in nodes}
        return self.named(node, self.row(node, nodes, due))

    def named(self, node: Simpul, facts: dict[str, Any]) -> dict[str, Any]:
        """Add the name that the catalogue of documents gives, where the file gives none."""
        kode = facts.get("kode")
        if "nama" not in facts and isinstance(kode, str):
            if kode not in self.acuan.dokumen:
                pesan = N_("Persyaratan %(kode)s tidak ada di katalog; tulis namanya.")
                self.complain(node, pesan, kode=kode[:40])
            facts["nama"] = self.acuan.dokumen.get(kode, kode)
        self.remember("persyaratan", node, kode)
        return facts

    def remember(self, bagian: str, node: Simpul, kode: Any) -> None:
        """Keep the line of a row; one kode names one row."""
        if not isinstance(kode, str):
            return
        if (bagian, kode) in self.baris:
            self.complain(node, N_("Kode %(kode)s dipakai dua kali."), kode=kode)
        self.baris.setdefault((bagian, kode), line_of(node))


def dump(definisi: Iterable[Definisi]) -> str:
    """Return the text of a file that `parse` reads back as the same definitions."""
    entries = [_entry(d) for d in definisi]
    return yaml.dump(
        entries,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=110,
    )


class _Dumper(yaml.SafeDumper):
    """Writes text with any kind of line break in double quotes, the one style that keeps it."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if _PATAH.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_PATAH = re.compile("[\\n\\r\\t\\x85\\u2028\\u2029\\ufeff]")
_Dumper.add_representer(str, _represent_text)


def _entry(definisi: Definisi) -> dict[str, Any]:
    entry = _filled(definisi, VERSI, always=("biaya",))
    if definisi.tanggal_mulai is not None:
        entry["tanggal_mulai"] = definisi.tanggal_mulai.isoformat()
    for name, columns, rows in (
        ("persyaratan", PERSYARATAN, definisi.persyaratan),
        ("isian", ISIAN, definisi.isian),
    ):
        listed = [_filled(row, columns, always=("wajib",)) for row in rows]
        entry[name] = [
            {k: v for k, v in row.items() if (k, v) != ("urutan", n)}
            for n, row in enumerate(listed, 1)
        ]
    always = ("seksi_kode", "wajib", "memberi_nomor")
    entry["tahapan"] = [_step(step, always) for step in definisi.tahapan]
    return entry


def _step(step: TahapanDefinisi, always: Sequence[str]) -> dict[str, Any]:
    row = _filled(step, TAHAPAN, always)
    facts = {"urutan": row.pop("urutan"), "kode": row.pop("kode"), "peran": step.peran, **row}
    if step.eskalasi:
        facts["eskalasi"] = [_filled(rung, ESKALASI) for rung in step.eskalasi]
    return facts


def _filled(row: Any, columns: Mapping[str, Any], always: Sequence[str] = ()) -> dict[str, Any]:
    """Return key → value of what differs from the value that leaving it out would mean."""
    defaults = {f.name: f.default for f in type(row).__dataclass_fields__.values()}
    facts = {}
    for key in columns:
        attribute = ATTRIBUTE_BY_KEY.get(key, key)
        value = getattr(row, attribute)
        if key in always or value != defaults[attribute]:
            facts[key] = value
    return facts
