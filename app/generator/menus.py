"""The side menu: one link for each entity in Flask-AppBuilder's registry, shown by right."""

from collections.abc import Callable, Iterable
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


def is_own_work(spec: EntitySpec, may: Callable[[str], bool]) -> bool:
    """Whether a list that somebody may read stands in the menu; ``may`` answers for an action.

    Rows that all may read (layanan, code lists) crowd the menu of an RT head; they stand in it
    only for who may change or export them.
    """
    if spec.is_scoped or spec.screen.menu is Menu.PENGAWASAN:
        return True
    return any(may(action) for action in ("add", "edit", "export"))
