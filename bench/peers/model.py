"""Declarative classes over the reflected tables, for the peers that ask for such."""

from typing import Any

from sqlalchemy.orm import relationship

from bench.peers.tabel import make_engine, reflect

engine = make_engine()


def map_classes(base: Any) -> tuple[Any, Any, Any, Any]:
    """Return Penduduk, Keluarga, Wilayah, Referensi on this base."""
    reflect(engine, base.metadata)
    tables = base.metadata.tables
    texts = {"wilayah": "sebutan", "keluarga": "nama_kepala", "referensi": "nama"}

    def named(name: str, text: str) -> Any:
        facts = {"__table__": tables[name], "__str__": lambda self: str(getattr(self, text))}
        return type(name.capitalize(), (base,), facts)

    wilayah, keluarga, referensi = (named(name, text) for name, text in texts.items())
    p = tables["penduduk"]

    def to(target: Any, column: str) -> Any:
        return relationship(target, foreign_keys=[p.c[column]])

    facts = {
        "__table__": p,
        "__str__": lambda self: str(self.nama),
        "wilayah": to(wilayah, "wilayah_id"),
        "keluarga": to(keluarga, "keluarga_id"),
        "pekerjaan": to(referensi, "pekerjaan_id"),
        "pendidikan": to(referensi, "pendidikan_id"),
        "disabilitas": to(referensi, "disabilitas_id"),
    }
    return type("Penduduk", (base,), facts), keluarga, wilayah, referensi
