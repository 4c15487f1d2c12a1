"""Marks texts for translation below the web floor; the page that shows them translates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Union


def N_(text: str) -> str:
    """Return ``text`` unchanged; `pybabel extract -k N_` finds it by this call."""
    return text


@dataclass(frozen=True)
class Kalimat:
    """A sentence that is still to be translated: its msgid, and what fills its placeholders.

    A part may be a Kalimat itself. A literal percent sign is written ``%%``.

    >>> str(Kalimat("Dilewati: %(sebab)s.", {"sebab": Kalimat("meja kosong")}))
    'Dilewati: meja kosong.'
    """

    teks: str
    isi: Mapping[str, Union[str, int, "Kalimat"]] = field(default_factory=dict)

    def say(self, translate: Callable[[str], str]) -> str:
        """Return the sentence as ``translate`` says it, part by part."""
        parts = {
            name: part.say(translate) if isinstance(part, Kalimat) else part
            for name, part in self.isi.items()
        }
        return str(translate(self.teks)) % parts

    def __str__(self) -> str:
        return self.say(lambda text: text)
