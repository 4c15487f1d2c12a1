"""`python -m bench --rows 100000`: measures all parts, or those named by --bagian."""

import argparse
import time
from importlib import import_module

from bench.data import JENIS, say
from bench.sisi import installed

PARTS = ("daftar", "ekspor", "impor", "beban")
"""In the order they are run; each is a module with a `run`."""


def main() -> None:
    """Read what to measure, and measure it."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="penduduk (bawaan: 100000)")
    parser.add_argument("--bagian", default=" ".join(PARTS), help=f"dari: {' '.join(PARTS)}")
    parser.add_argument("--jenis", default=" ".join(JENIS), help=f"dari: {' '.join(JENIS)}")
    parser.add_argument("--cepat", action="store_true", help="lebih sedikit ulangan")
    args = parser.parse_args()
    parts, kinds = args.bagian.split(), args.jenis.split()
    if unknown := [*set(parts) - set(PARTS), *set(kinds) - set(JENIS)]:
        parser.error(f"tidak dikenal: {' '.join(unknown)}")
    if not installed():
        parser.error("lingkungan .venv-bench belum ada: jalankan lewat `make bench`")
    for part in parts:
        start = time.perf_counter()
        import_module(f"bench.{part}").run(kinds, args.rows, cepat=args.cepat)
        say(f"{part}: {time.perf_counter() - start:.0f} detik")


if __name__ == "__main__":
    main()
