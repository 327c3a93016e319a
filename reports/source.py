"""A value of ours as Python source: only fields that are not at their defaults, names
of enumerations instead of their values. What is written evaluates to the same value.
"""

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, Final

from harness.flags import Flags

_WIDTH: Final = 84
_INDENT: Final = "    "


def write(value: Any, depth: int = 0) -> str:
    """The expression, its further lines indented for that depth."""
    flat = _flat(value)
    if len(flat) + len(_INDENT) * depth <= _WIDTH or not _parts(value):
        return flat
    inner = _INDENT * (depth + 1)
    opening, closing = _brackets(value)
    lines = [f"{inner}{name}{write(item, depth + 1)}," for name, item in _parts(value)]
    return "\n".join((opening, *lines, f"{_INDENT * depth}{closing}"))


def names(value: Any) -> set[tuple[str, str]]:
    """Module and name of every class that the source of a value needs."""
    found = set()
    if is_dataclass(value) or isinstance(value, Enum):
        found.add((type(value).__module__, type(value).__name__))
    for _, item in _parts(value):
        found |= names(item)
    return found


def _flat(value: Any) -> str:
    if isinstance(value, Flags):
        return f"Flags({value.bits:#x})"
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    parts = _parts(value)
    if not parts and not is_dataclass(value):
        return "frozenset()" if value == frozenset() else repr(value)
    opening, closing = _brackets(value)
    inside = ", ".join(f"{name}{_flat(item)}" for name, item in parts)
    comma = "," if isinstance(value, tuple) and len(parts) == 1 else ""
    return f"{opening}{inside}{comma}{closing}"


def _brackets(value: Any) -> tuple[str, str]:
    if is_dataclass(value):
        return f"{type(value).__name__}(", ")"
    if isinstance(value, frozenset):
        return "frozenset({", "})"
    return "(", ")"


def _parts(value: Any) -> list[tuple[str, Any]]:
    """The items of a value, each after what names it."""
    if isinstance(value, Flags | Enum):
        return []
    if is_dataclass(value):
        return list(_fields(value))
    if isinstance(value, tuple):
        return [("", item) for item in value]
    if isinstance(value, frozenset):
        return [("", item) for item in sorted(value)]
    return []


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(value):
        item = getattr(value, field.name)
        default = field.default
        if field.default_factory is not MISSING:
            default = field.default_factory()
        if default is MISSING or item != default:
            yield f"{field.name}=", item
