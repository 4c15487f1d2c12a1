"""A list as a PDF for printing: A4 across, with the office's name, its filters in words, pages."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

MOST_ROWS = 2000
"""Rows of a list that somebody may still want on paper, about sixty pages."""

TEMPLATE = Path(__file__).with_name("daftar.typ")


def printed(texts: dict[str, Any], labels: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return the PDF; ``texts`` are the words around the table, already in the person's language.

    They go in as data, never as markup: nothing that stands in a row is run.
    """
    data = json.dumps({**texts, "kolom": list(labels), "baris": [list(row) for row in rows]})
    made = typst.compile(str(TEMPLATE), sys_inputs={"data": data}, ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made
