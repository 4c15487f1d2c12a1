"""Kode lacak: the secret by which a pemohon follows a berkas; shown once, kept only as an HMAC."""

import hashlib
import hmac
import secrets

ABJAD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 letters, five bits each: none is taken for another when read aloud."""

PANJANG = 28
"""140 bits of chance; a code cannot be guessed, whatever the number of berkas."""

KELOMPOK = 4
SERUPA = str.maketrans("OIL", "011")


def new_kode() -> str:
    """Return a fresh code in groups, ``7K2M-…``: the one place where chance enters."""
    letters = "".join(secrets.choice(ABJAD) for _ in range(PANJANG))
    return "-".join(letters[i : i + KELOMPOK] for i in range(0, PANJANG, KELOMPOK))


def normalise(kode: str) -> str:
    """Return a typed code as it was made: capitals, no spaces or hyphens, O as 0, I and L as 1.

    >>> normalise(" 7k2m-oil0 ")
    '7K2M0110'
    """
    letters = "".join(c for c in kode.upper() if c.isalnum())
    return letters.translate(SERUPA)


def hmac_of(kode: str, secret_key: str) -> str:
    """Return what is stored: HMAC-SHA256 (hex) under a key derived from the portal's secret.

    Without that key a stolen database does not even confirm a guess.
    """
    key = hmac.digest(secret_key.encode(), b"kode lacak berkas", "sha256")
    return hmac.new(key, normalise(kode).encode(), hashlib.sha256).hexdigest()
