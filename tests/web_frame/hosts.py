"""What we take from the two hosts, as lines of text: templates, methods, context variables.

`test_hosts.py` compares it with the reviewed `hosts.txt`.
"""

import inspect
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from unittest.mock import patch

import flask_admin
import flask_appbuilder
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from jinja2 import Environment, meta, nodes

from app.generator.api import SpecApi
from app.generator.host import HostView, SpecFilter
from app.generator.screens import EntityView
from app.web.beranda import BerandaView, DataIndexView
from app.web.security import AuthDBView, BangkitSecurityManager
from config import PROJECT

OURS = PROJECT / "app/web/templates"
HOSTS = {
    host.__name__: Path(str(host.__file__)).parent / "templates"
    for host in (flask_appbuilder, flask_admin)
}

CLASSES = (
    *(AuthDBView, BangkitSecurityManager, BerandaView, DataIndexView),
    *(EntityView, HostView, SpecFilter, SpecApi),
)

USED = {
    EntityView: "get_url _get_list_url _get_filters _get_column_by_idx _refresh_filters_cache"
    " render create_blueprint",
    BangkitSecurityManager: "find_role is_auth_limited auth_rate_limit security_api"
    " resetmypasswordview add_role add_permission_role del_permission_role",
}
"""Names of the hosts that our code calls without replacing them."""

PAGES = {
    "login": "/login/",
    "own password": "/resetmypassword/form",
    "API": "/swagger/v1",
}
"""Pages whose view is the host's own and only the template is ours."""


def contract(app: Flask, client: FlaskClient) -> list[str]:
    """Return the lines; ``client`` is signed in."""
    lines = [f"{name} {metadata.version(name)}" for name in ("flask-appbuilder", "flask-admin")]
    lines += sorted(f"template {line}" for line in template_lines())
    lines += sorted({f"method {line}" for cls in CLASSES for line in _replaced(cls)})
    lines += sorted({f"used {line}" for line in _used(app)})
    lines += [f"page {line}" for line in _pages(app, client)]
    lines.append(f"render {_render_variables(app)}")
    return lines


def template_lines() -> Iterator[str]:
    """Yield every template of a host that one of ours stands in for, with what it offers."""
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    for host, folder in HOSTS.items():
        for path in sorted(OURS.rglob("*.html")):
            name = path.relative_to(OURS).as_posix()
            if (folder / name).exists():
                tree = environment.parse((folder / name).read_text(encoding="utf-8"))
                yield f"{host} {name}: {_offer(tree)}"


def _offer(tree: nodes.Template) -> str:
    parts = {
        "extends": (t.template.value for t in tree.find_all(nodes.Extends) if _is_name(t)),
        "blocks": (b.name for b in tree.find_all(nodes.Block)),
        "macros": (m.name for m in tree.find_all(nodes.Macro)),
        "variables": meta.find_undeclared_variables(tree),
    }
    found = {key: ", ".join(sorted(values)) for key, values in parts.items()}
    return "; ".join(f"{key} {text}" for key, text in found.items() if text) or "nothing"


def _is_name(extends: nodes.Extends) -> bool:
    return isinstance(extends.template, nodes.Const)


def _host_of(cls: type) -> str | None:
    return next((h for h in HOSTS if cls.__module__.split(".")[0] == h), None)


def _replaced(cls: type) -> Iterator[str]:
    """Yield each name that a class of ours defines and a host above it defines too."""
    above = [base for base in cls.__mro__ if _host_of(base)]
    for name, _ in sorted(vars(cls).items()):
        owner = next((base for base in above if name in vars(base)), None)
        if owner is not None and not re.fullmatch(r"__(?!init__).*|_abc_impl|_\w+__\w+", name):
            yield f"{owner.__module__}.{owner.__name__}.{name}{_signature(vars(owner)[name])}"


def _used(app: Flask) -> Iterator[str]:
    for cls, names in USED.items():
        for name in names.split():
            owner = next(base for base in cls.__mro__ if _host_of(base) and name in vars(base))
            yield f"{owner.__module__}.{owner.__name__}.{name}{_signature(vars(owner)[name])}"


def _signature(member: Any) -> str:
    member = getattr(member, "__func__", member)
    if not inspect.isfunction(member):
        return f": {type(member).__name__}"
    return f"({', '.join(map(_plain, inspect.signature(member).parameters.values()))})"


def _plain(parameter: inspect.Parameter) -> str:
    """Return a parameter without its type: types may get better without harm."""
    return str(parameter.replace(annotation=inspect.Parameter.empty))


def _pages(app: Flask, client: FlaskClient) -> Iterator[str]:
    common = set(_rendered(app, client, "/luring/")[0][1])
    for kind, url in PAGES.items():
        visitor = app.test_client() if kind == "login" else client
        name, context = _rendered(app, visitor, url)[0]
        yield f"{kind} {name}: {', '.join(sorted(set(context) - common))}"


def _rendered(app: Flask, client: FlaskClient, url: str) -> list[tuple[str, dict[str, Any]]]:
    """Return (template, context) of all that is rendered for an address."""
    found = []

    def note(sender: Flask, template: Any, context: dict[str, Any], **_: Any) -> None:
        found.append((template.name, context))

    with template_rendered.connected_to(note, app):
        answer = client.get(url)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    return found


def _render_variables(app: Flask) -> str:
    """Return the variables that Flask-Admin adds to every page of its views."""
    with app.test_request_context(), patch("flask_admin.base.render_template") as render:
        view = next(v for v in app.extensions["admin"][0]._views if isinstance(v, EntityView))
        view.render("x.html")
    return f"flask_admin: {', '.join(sorted(render.call_args.kwargs))}"
