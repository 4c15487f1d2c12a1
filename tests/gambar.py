"""`make gambar`: photographs the key pages of a portal with demo data, for people to look at.

Writes docs/gambar/<page>-<width>.webp, each at most 60 KB, and nothing else there.
"""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.orm import Session

from config import PROJECT
from tests.browser.layar import DESKTOP, PHONE, layar
from tests.conftest import CHROMIUM_OPTIONS, scratch_portal
from tests.server import find_chromium, serve
from tests.walk import PENGAJU, RANTAI, file_sktm, resident_of, take, unit

FOLDER = PROJECT / "docs" / "gambar"
MOST_BYTES = 60 * 1024

RT = "RT 001/RW 002 Pilang"
BERKAS = (8, 4, 4, 2, 2, 0)
"""How many of the nine officers of an SKTM have acted, for each berkas that is filed."""


def main() -> int:
    """Make all pictures; return 0, or 1 with a reason where there is no browser."""
    chromium = find_chromium()
    if chromium.value is None:
        sys.stderr.write(f"{chromium.reason}\n")
        return 1
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        portal = stack.enter_context(scratch_portal(f"sqlite:///{folder / 'portal.db'}", folder))
        with Session(portal.engine) as session:
            pages = _pages(session)
        host = stack.enter_context(serve(portal.app))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.value, args=CHROMIUM_OPTIONS)
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob("*.webp"):
            old.unlink()
        for name, png in _photograph(browser, host, pages):
            size = _store(FOLDER / f"{name}.webp", png)
            sys.stdout.write(f"{name}.webp {size / 1024:.0f} KB\n")
    return 0


def _pages(session: Session) -> dict[str, tuple[str | None, str]]:
    """File the demo berkas; return name of the picture → who opens which address."""
    now = datetime.now(UTC)
    ids = [
        _file(session, now - timedelta(minutes=2 * number), acts)
        for number, acts in enumerate(BERKAS, 1)
    ]
    penduduk_id, _ = resident_of(session, RT)
    rt = unit(session, RT)
    return {
        "masuk": (None, "/login/"),
        "katalog": (None, "/layanan/"),
        "standar": (None, "/layanan/SKTM/"),
        "beranda": (PENGAJU, "/"),
        "pengajuan": (PENGAJU, f"/berkas/baru/SKTM/{penduduk_id}/"),
        "beranda-lurah": ("lurah.pilang", "/"),
        "berkas-masuk": ("lurah.pilang", "/berkas/masuk/"),
        "berkas": ("lurah.pilang", f"/berkas/{ids[1]}/"),
        "simulasi": ("camat", "/layanan/simulasi/?per_jam=4&hari=5&benih=1"),
        "daftar": ("admin", f"/data/penduduk/?flt1_wilayah_id_sama={rt}"),
        "formulir": ("admin", f"/data/penduduk/edit/?id={penduduk_id}"),
        "hak": ("admin", "/hak/lurah/"),
    }


def _file(session: Session, start: datetime, acts: int) -> int:
    """File an SKTM and let the first officers act, half a minute apart."""
    berkas_id = file_sktm(session, now=start)
    for number, (username, jenis) in enumerate(RANTAI[:acts], 1):
        take(session, username, berkas_id, jenis, start + timedelta(seconds=30 * number))
    return berkas_id


def _photograph(
    browser: Browser, host: str, pages: Mapping[str, tuple[str | None, str]]
) -> Iterator[tuple[str, bytes]]:
    for viewport in (DESKTOP, PHONE):
        for name, (username, url) in pages.items():
            with layar(browser, host, username, viewport=viewport) as page:
                answer = page.goto(url)
                assert answer.status == 200, f"{url}: {answer.status}"
                page.wait_for_load_state("networkidle")
                yield f"{name}-{viewport['width']}", page.screenshot(animations="disabled")


def _store(path: Path, png: bytes) -> int:
    """Write the picture as small as it must be; return its bytes."""
    with Image.open(BytesIO(png)) as image:
        for quality in (90, 80, 70, 60, 50):
            image.save(path, "WEBP", quality=quality, method=6)
            if (size := path.stat().st_size) <= MOST_BYTES:
                return size
    raise ValueError(f"{path.name} is larger than {MOST_BYTES} bytes at any quality")


if __name__ == "__main__":
    sys.exit(main())
