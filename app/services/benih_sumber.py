"""Reads the files of ``app/data`` and adds the rows a table still lacks; all benih parts use it."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

DATA = Path(__file__).resolve().parent.parent / "data"


def read_csv(name: str) -> list[dict[str, str]]:
    """Return the rows of ``app/data/<name>.csv`` by column name."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_layanan() -> list[dict[str, Any]]:
    """Return the catalogue of layanan as its file writes it (its shape: ROUTING §6)."""
    entries: list[dict[str, Any]] = yaml.safe_load((DATA / "layanan.yaml").read_text("utf-8"))
    return entries


def is_empty(session: Session, model: Any) -> bool:
    """Whether the table has no row at all: what an admin deleted is not put back later."""
    return session.scalar(select(model.id).limit(1)) is None


def add_missing(
    session: Session, model: Any, key: tuple[str, ...], rows: Iterable[Mapping[str, Any]]
) -> int:
    """Add the rows whose ``key`` columns are not in the table yet; return how many.

    A row that is there stays as it is, so that an admin's edit survives.
    """
    columns = [getattr(model, name) for name in key]
    known = {tuple(row) for row in session.execute(select(*columns))}
    new = [row for row in rows if tuple(row[name] for name in key) not in known]
    session.add_all(model(**row) for row in new)
    return len(new)
