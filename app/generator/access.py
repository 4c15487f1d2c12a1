"""Who may do what: writes the rights of every model's `Screen.access` into the role tables.

Run by the release command only; workers start without writing permissions (DESIGN §7.4).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.generator.spec import EntitySpec


def grants(specs: Iterable[EntitySpec]) -> dict[str, set[tuple[str, str]]]:
    """Return peran → {(action, resource)} as the models declare."""
    wanted: dict[str, set[tuple[str, str]]] = {}
    for spec in specs:
        for peran, actions in spec.screen.access.items():
            wanted.setdefault(peran, set()).update((a, spec.resource) for a in actions.split())
    return wanted


def sync_roles(security: Any, wanted: Mapping[str, set[tuple[str, str]]]) -> int:
    """Make each role hold exactly the wanted permissions; return how many changed.

    ``security`` is Flask-AppBuilder's security manager; the caller commits.
    """
    changed = 0
    for peran in sorted(wanted):
        role = security.find_role(peran) or security.add_role(peran)
        held = {(p.permission.name, p.view_menu.name): p for p in role.permissions}
        target = {(f"can_{action}", resource) for action, resource in wanted[peran]}
        for key in sorted(set(held) - target):
            role.permissions.remove(held[key])
            changed += 1
        for action, resource in sorted(target - set(held)):
            # First the row, then the list: the host commits each new row, which expires the list.
            permission = _permission(security, action, resource)
            role.permissions.append(permission)
            changed += 1
    return changed


def _permission(security: Any, action: str, resource: str) -> Any:
    found = security.find_permission_view_menu(action, resource)
    return found or security.add_permission_view_menu(action, resource)


def as_text(specs: Iterable[EntitySpec]) -> str:
    """Return the rights as a table to review: one line for each resource and peran."""
    lines = [
        f"{spec.resource:<20} {peran:<22} {' '.join(sorted(granted.split()))}"
        for spec in sorted(specs, key=lambda s: s.resource)
        for peran, granted in sorted(spec.screen.access.items())
    ]
    return "\n".join(lines)
