"""An officer at work, as locust plays one: reads lists, searches, opens a resident.

Runs in `.venv-bench` and imports nothing of the portal; accounts come in by `UKUR_AKUN`.
"""

import os
import random
import re
from itertools import cycle

from locust import HttpUser, between, task

AKUN = cycle(os.environ["UKUR_AKUN"].split())
SANDI = os.environ["UKUR_SANDI"]
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ROW = re.compile(r"/data/penduduk/details/\?id=(\d+)")
KATA = ("siti", "nur hidayat", "sri", "agus", "rahayu", "qxzvkw", "wahyu pra", "no", "santoso")
LISTS = (
    *("/data/penduduk/", "/data/penduduk/?page=1", "/data/penduduk/?page=2"),
    *("/data/penduduk/?flt0_status_dasar_sama=pindah", "/data/keluarga/", "/data/berkas/"),
)


class Petugas(HttpUser):
    """One signed-in officer, who looks at a page for a second before the next."""

    wait_time = between(0.5, 1.5)

    def on_start(self) -> None:
        """Sign in; the requests of this are no work and not counted as such."""
        self.acak = random.Random(2026)
        self.rows: list[str] = []
        page = self.client.get("/login/", name="masuk").text
        found = TOKEN.search(page)
        data = {"username": next(AKUN), "password": SANDI}
        data["csrf_token"] = found[1] if found else ""
        headers = {"Referer": f"{self.host}/login/"}
        self.client.post("/login/", data, name="masuk", headers=headers, allow_redirects=False)

    @task(5)
    def daftar(self) -> None:
        """Read a list."""
        text = self.client.get(self.acak.choice(LISTS), name="daftar").text
        self.rows = ROW.findall(text) or self.rows

    @task(3)
    def cari(self) -> None:
        """Search a resident."""
        kata = self.acak.choice(KATA)
        text = self.client.get(f"/data/penduduk/?search={kata}", name="cari").text
        self.rows = ROW.findall(text) or self.rows

    @task(2)
    def rincian(self) -> None:
        """Open one of those last seen."""
        if self.rows:
            id_ = self.acak.choice(self.rows)
            self.client.get(f"/data/penduduk/details/?id={id_}", name="rincian")
