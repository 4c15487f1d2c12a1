"""Static files under names that carry their hash, compressed once: browsers keep them for ever."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from wsgiref.headers import Headers

from flask import Flask, current_app
from flask_compress import Compress
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

PREFIX = "/static/"
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")

LEFT_OUT = {"manifest.json", "LICENSE"}
"""Files that stand beside the assets and are not asked for by pages."""


def init_app(app: Flask) -> None:
    """Publish the static files, and compress pages on their way out."""
    folder = Path(app.config["ASET"])
    app.extensions["assets"] = publish(Path(str(app.static_folder)), folder)
    app.add_template_global(asset)
    app.add_template_global(asset_in_page)
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    # One step below the default: a page takes half the time, and is a twentieth larger.
    app.config.setdefault("COMPRESS_BR_LEVEL", 3)
    Compress(app)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=folder,
        prefix=PREFIX,
        max_age=0,
        allow_all_origins=False,
        add_headers_function=_harden,
        immutable_file_test=lambda path, url: bool(HASHED.search(url)),
    )


def asset(name: str) -> str:
    """Return the address of a static file, such as ``"bangkit.css"``.

    Raises:
        KeyError: there is no such file.
    """
    return str(current_app.extensions["assets"][name])


def asset_in_page(name: str) -> str:
    """Return a small picture as an address that holds it, which saves the page a request.

    Raises:
        OSError: there is no such file.
    """
    return _in_page(Path(str(current_app.static_folder), name))


@lru_cache
def _in_page(path: Path) -> str:
    return f"data:image/svg+xml,{quote(path.read_text(encoding='utf-8'))}"


def publish(source: Path, target: Path) -> dict[str, str]:
    """Copy the files of ``source`` to hashed names, each with its compressed forms.

    Returns name → address. What is there already stays, so a restart costs nothing; several
    workers may do it at once, since each file appears by a rename.
    """
    compressor = Compressor(quiet=True)
    addresses = {}
    for path in sorted(source.rglob("*")):
        if not path.is_file() or path.name in LEFT_OUT:
            continue
        name = path.relative_to(source).as_posix()
        content = path.read_bytes()
        sha = hashlib.sha256(content).hexdigest()[:12]
        kept = target / Path(name).with_suffix(f".{sha}{path.suffix}")
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            _write(kept, content)
            if compressor.should_compress(kept.name):
                list(compressor.compress(str(kept)))
        addresses[name] = PREFIX + kept.relative_to(target).as_posix()
    return addresses


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{id(content)}")
    draft.write_bytes(content)
    draft.replace(path)


def _harden(headers: Headers, path: str, url: str) -> Any:
    headers["X-Content-Type-Options"] = "nosniff"
