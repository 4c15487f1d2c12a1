"""BPJS Bangkit: a portal generated from its models. `create_app` wires the parts, top to bottom."""

from collections.abc import Mapping
from typing import Any

import flask_admin.translations
from flask import Flask
from flask_admin import Admin
from flask_admin.babel import domain as admin_texts
from flask_admin.theme import Theme
from flask_appbuilder import AppBuilder
from flask_appbuilder.forms import DynamicForm
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli
from app.extensions import csrf, db, migrate
from app.generator.api import build_api
from app.generator.bulk_jobs import bulk_handlers
from app.generator.describe import describe_all
from app.generator.downloads import JOB_KIND
from app.generator.export_jobs import export_handler
from app.generator.forms import GeneratedForm
from app.generator.imports.work import KIND, handler
from app.generator.jobs import Handler
from app.generator.menus import add_links
from app.generator.screens import EntityView
from app.models import discover
from app.web import (
    assets,
    beranda,
    berkas,
    cari,
    cuplikan,
    errors,
    exports,
    frame,
    gaya,
    hak,
    headers,
    impor,
    impor_layanan,
    lacak,
    latihan,
    lencana,
    mutasi,
    panduan,
    pekerjaan,
    pengajuan,
    perbaikan,
    petugas,
    publik,
    pwa,
    requests,
    ruang_latihan,
    security,
    sejarah,
    sekali,
    simulasi,
    sop,
    tampilan,
    tanda_terima,
    tindakan,
    versi,
)
from config import PROJECT, load_config

MIGRATIONS = PROJECT / "migrations"


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Return the portal; ``config`` None means what `load_config` reads from the environment."""
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static")
    app.config.update(load_config() if config is None else config)
    specs = describe_all(discover())
    app.extensions["specs"] = specs
    app.extensions["handlers"] = _handlers(specs, app.config)
    requests.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    csrf.init_app(app)
    security.init_app(app)
    with app.app_context():
        appbuilder = AppBuilder(
            app,
            db.session,
            indexview=beranda.BerandaView,
            security_manager_class=security.BangkitSecurityManager,
        )
        _add_pages(app, appbuilder)
        _add_entities(app, appbuilder, specs)
    assets.init_app(app)
    frame.init_app(app)
    lencana.init_app(app)
    errors.init_app(app)
    headers.init_app(app)
    cli.init_app(app)
    latihan.init_app(app)
    ruang_latihan.mount(app, create_app, cli.fill)
    proxies = app.config["BANGKIT_PROKSI"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies)  # type: ignore[method-assign]
    return app


def _handlers(specs: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Handler]:
    """Return who does each kind of pekerjaan; the worker looks them up by the kind."""
    separator = str(config["BANGKIT_CSV_PEMISAH"])
    return {
        JOB_KIND: export_handler(specs, exports.note_export, separator),
        KIND: handler(impor.Buku(), specs),
        **bulk_handlers(specs),
    }


def _add_pages(app: Flask, appbuilder: AppBuilder) -> None:
    """Add the hand-written pages, and their links at the top of the menu."""
    lacak.limit(app, appbuilder.sm.limiter)
    for part in (
        *(requests, pwa, cari, berkas, tindakan, pengajuan, perbaikan, tanda_terima),
        *(petugas, hak, sop, simulasi, versi, impor_layanan, publik, lacak, tampilan),
        *(panduan, cuplikan, gaya, pekerjaan, mutasi),
    ):
        app.register_blueprint(part.pages)
    for name, label, endpoint, icon, menu in beranda.LINKS:
        appbuilder.add_link(name, href=endpoint, icon=icon, label=label, category=str(menu))


def _add_entities(app: Flask, appbuilder: AppBuilder, specs: Mapping[str, Any]) -> None:
    """Add an API, the screens and a menu link for every model."""
    # The hosts' own few forms and texts speak from our catalogues too.
    DynamicForm.Meta = GeneratedForm.Meta
    admin_texts._translation_directories = [
        *flask_admin.translations.__path__,
        str(PROJECT / "translations"),
    ]
    admin = Admin(
        app,
        name=app.config["APP_NAME"],
        url="/data",
        theme=Theme(folder="bangkit", base_template="bingkai.html"),
        index_view=beranda.DataIndexView(name="Data", url="/data"),
        csp_nonce_generator=frame.csp_nonce,
    )
    for spec in specs.values():
        api = appbuilder.add_api(build_api(spec, specs, exports.record_export))
        csrf.exempt(api.blueprint)
        admin.add_view(
            EntityView(
                spec,
                specs,
                db.session,
                settings=app.config,
                record=exports.record_export,
                unmask=exports.unmask,
                keep=tampilan.kept_of,
                book=impor.Buku(),
                jobs=pekerjaan.Pemberi(),
                once=sekali.Sekali(),
                history=sejarah.Sejarah(app.config["BANGKIT_SAMPAH_HARI"]),
            )
        )
    add_links(appbuilder, specs.values())
