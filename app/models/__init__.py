"""The models: one file per noun. Importing any one imports all, so there is no list to keep.

Relations name their targets by text, and the host's modules configure all mappers when they are
imported: every model has to be known by then.
"""

import pkgutil
from importlib import import_module

from sqlalchemy.orm import configure_mappers

from app.models.base import Entity, HostModel, Menu

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def discover() -> tuple[type[Entity], ...]:
    """Return the models that have a screen, in the order of the menu."""
    configure_mappers()
    menus = list(Menu)
    models = [m.class_ for m in HostModel.registry.mappers if issubclass(m.class_, Entity)]
    models = [model for model in models if hasattr(model, "screen")]
    return tuple(
        sorted(models, key=lambda m: (menus.index(m.screen.menu), m.screen.position, m.__name__))
    )
