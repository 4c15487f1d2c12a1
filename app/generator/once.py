"""The port by which a generated form is stored once, however often it is sent."""

import hashlib
from collections.abc import Iterable
from typing import Protocol

BUTTONS = {"_add_another", "_continue_editing", "csrf_token", "url"}
"""What a form sends besides its content."""


class Once(Protocol):
    """Remembers what the key of a form has added, in the transaction of the row."""

    def taken(self, resource: str, key: str) -> int | None:
        """Take a key; return the id of the row that it added before, None if it is new."""

    def note(self, resource: str, key: str, row_id: int) -> None:
        """Note what the key has added."""


def key_of(fields: Iterable[tuple[str, str]]) -> str:
    """Return the key of what a form sent, "" if it has none.

    Who goes back and changes something sends another form: the content is part of the key.

    >>> key_of([("nama", "A")])
    ''
    >>> key_of([("kunci", "k"), ("nama", "A")]) == key_of([("nama", "A"), ("kunci", "k")])
    True
    """
    sent = sorted(pair for pair in fields if pair[0] not in BUTTONS)
    if not dict(sent).get("kunci"):
        return ""
    return hashlib.sha256(repr(sent).encode()).hexdigest()
