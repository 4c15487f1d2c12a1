"""The side menu: one link for each entity in Flask-AppBuilder's registry, shown by right."""

from collections.abc import Iterable
from typing import Any

from app.generator.spec import EntitySpec
from app.models.base import Menu


def add_links(appbuilder: Any, specs: Iterable[EntitySpec]) -> None:
    """Register a link to the list of every entity, in the order of the menu."""
    order = list(Menu)
    for spec in sorted(specs, key=lambda s: (order.index(s.screen.menu), s.screen.position)):
        appbuilder.add_link(
            spec.resource,
            href=f"{spec.slug}.index_view",
            icon=spec.screen.icon,
            label=spec.screen.plural,
            category=str(spec.screen.menu),
        )
