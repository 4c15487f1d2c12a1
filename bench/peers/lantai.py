"""The floor: Flask, SQLAlchemy Core and one Jinja template, with the best SQL we know.

No login, rights, menu or translation. Pages go by the key of the row before, so that every page
costs the same; the last one is read backwards.
"""

from typing import Any

from flask import Flask, abort, jsonify, render_template_string, request
from sqlalchemy import MetaData, Select, func, select, tuple_

from bench.peers.tabel import KECAMATAN, make_engine, reflect

PAGE, MOST = 20, 1000

app = Flask(__name__)
engine = make_engine()
metadata = MetaData()
reflect(engine, metadata)
penduduk, wilayah = metadata.tables["penduduk"], metadata.tables["wilayah"]
p = penduduk.c

TEMPLATE = """<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Penduduk</title>
</head><body><h1>Penduduk</h1><p>{{ count }} data</p>
<form><input name="q" value="{{ q }}"><button>Cari</button></form>
<table><thead><tr><th>Nama</th><th>NIK</th><th>L/P</th><th>Lahir</th><th>RT</th><th>Status</th>
</tr></thead><tbody>
{% for r in rows %}<tr><td><a href="/penduduk/{{ r.id }}">{{ r.nama }}</a></td>
<td>{{ r.nik[:4] }}****{{ r.nik[-4:] }}</td><td>{{ r.jenis_kelamin }}</td>
<td>{{ r.tanggal_lahir.strftime("%d-%m-%Y") }}</td><td>{{ r.sebutan }}</td>
<td>{{ r.status_dasar }}</td></tr>
{% endfor %}</tbody></table>
<a href="?">Pertama</a>
{% if rows %}<a href="?nama={{ rows[-1].nama|urlencode }}&id={{ rows[-1].id }}">
Berikutnya</a>{% endif %} <a href="?akhir=1">Terakhir</a></body></html>"""

DETAIL = """<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{{ r.nama }}</title>
</head><body><h1>{{ r.nama }}</h1><dl>{% for k, v in r.items() %}<dt>{{ k }}</dt>
<dd>{{ v }}</dd>{% endfor %}</dl></body></html>"""


def _narrow(statement: Select[Any]) -> Select[Any]:
    """Add the filters of the address."""
    statement = statement.where(p.kecamatan_id == KECAMATAN)
    if kelurahan := request.args.get("kelurahan", type=int):
        statement = statement.where(p.kelurahan_id == kelurahan)
    if nik := request.args.get("nik"):
        statement = statement.where(p.nik == nik)
    return statement


def _page() -> Select[Any]:
    ids = _narrow(select(p.id)).limit(PAGE + 1)
    if request.args.get("akhir"):
        ids = ids.order_by(p.nama.desc(), p.id.desc())
    else:
        ids = ids.order_by(p.nama, p.id)
    if after := request.args.get("nama"):
        ids = ids.where(tuple_(p.nama, p.id) > (after, request.args.get("id", 0, type=int)))
    found = ids.subquery()
    shown = (p.id, p.nama, p.nik, p.jenis_kelamin, p.tanggal_lahir, p.status_dasar)
    return (
        select(*shown, wilayah.c.sebutan)
        .join(found, found.c.id == p.id)
        .outerjoin(wilayah, wilayah.c.id == p.wilayah_id)
        .order_by(p.nama, p.id)
    )


@app.get("/penduduk")
def index() -> str:
    """Show one page of the list."""
    with engine.connect() as connection:
        some = _narrow(select(p.id)).limit(MOST + 1).subquery()
        count = connection.scalar(select(func.count()).select_from(some)) or 0
        rows = connection.execute(_page()).all()[:PAGE]
    text = f"{MOST}+" if count > MOST else str(count)
    return render_template_string(TEMPLATE, rows=rows, count=text, q="")


@app.get("/penduduk/<int:id_>")
def detail(id_: int) -> str:
    """Show one resident."""
    query = (
        select(penduduk, wilayah.c.sebutan)
        .outerjoin(wilayah, wilayah.c.id == p.wilayah_id)
        .where(p.id == id_, p.kecamatan_id == KECAMATAN)
    )
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        abort(404)
    return render_template_string(DETAIL, r=row)


@app.get("/rt")
def pick() -> Any:
    """Return the first RT of this name."""
    words = f"%{request.args.get('q', '').lower()}%"
    query = select(wilayah.c.id, wilayah.c.sebutan).where(
        wilayah.c.tingkat == "rt", func.lower(wilayah.c.sebutan).like(words)
    )
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(wilayah.c.kode, wilayah.c.id).limit(PAGE)).all()
    return jsonify([[row.id, row.sebutan] for row in rows])
