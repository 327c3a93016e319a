"""JSON forms of our values: bytes as base64, unions tagged, every round trip exact.

A value of a union of dataclasses carries its class's name under ``is``. ``to_json``
makes plain JSON data; ``from_json`` reads it back and raises ``WireError`` with the
value's type and what was wrong.
"""

import base64
import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin

import cattrs
from cattrs.errors import BaseValidationError
from cattrs.preconf.json import make_converter

from harness.flags import Flags

T = TypeVar("T")


class WireError(ValueError):
    """JSON that is not a value of the wanted type."""


_converter = make_converter(detailed_validation=False, forbid_extra_keys=True)


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType)


def _members(kind: Any) -> tuple[Any, ...]:
    return get_args(kind)


def _is_tagged(kind: Any) -> bool:
    """A union with a dataclass in it that is not just an optional one."""
    if not _is_union(kind):
        return False
    rest = [member for member in _members(kind) if member is not type(None)]
    return len(rest) > 1 and any(is_dataclass(member) for member in rest)


def _fits(member: Any, value: Any) -> bool:
    origin = get_origin(member) or member
    return type(value) is origin


def _tagged_writer(kind: Any) -> Any:
    members = _members(kind)

    def write(value: Any) -> Any:
        for member in members:
            if _fits(member, value):
                form = _converter.unstructure(value, unstructure_as=member)
                if is_dataclass(member) and isinstance(form, dict):
                    return {"is": type(value).__name__, **form}
                return form
        raise WireError(f"{value!r} is none of {kind}")

    return write


def _tagged_reader(kind: Any) -> Any:
    members = _members(kind)
    named: dict[str, Any] = {}
    for member in members:
        if is_dataclass(member):
            named[getattr(member, "__name__", "")] = member
    plain = [member for member in members if not is_dataclass(member)]

    def read(form: Any, _: Any) -> Any:
        if form is None and type(None) in plain:
            return None
        if isinstance(form, Mapping) and "is" in form:
            rest = {key: value for key, value in form.items() if key != "is"}
            if form["is"] not in named:
                raise WireError(f"{form['is']!r} is none of {', '.join(named)}")
            return _converter.structure(rest, named[form["is"]])
        for member in plain:
            if member is bool or member is int:
                if type(form) is member:
                    return form
            elif member is not type(None):
                return _converter.structure(form, member)
        raise WireError(f"{form!r} is none of {kind}")

    return read


def _read_bytes(form: Any, _: Any) -> bytes:
    if not isinstance(form, str):
        raise WireError(f"{form!r} is not base64 text")
    return base64.b64decode(form, validate=True)


_converter.register_unstructure_hook(bytes, lambda b: base64.b64encode(b).decode())
_converter.register_structure_hook(bytes, _read_bytes)
_converter.register_unstructure_hook(Flags, lambda flags: flags.bits)
_converter.register_structure_hook(Flags, lambda form, _: Flags(int(form)))
_converter.register_unstructure_hook_factory(_is_tagged, _tagged_writer)
_converter.register_structure_hook_factory(_is_tagged, _tagged_reader)


def to_json(value: Any, kind: Any = None) -> Any:
    """Plain JSON data for ``value``, read as the type or union ``kind``."""
    return _converter.unstructure(value, unstructure_as=kind or type(value))


def from_json(form: Any, kind: type[T] | Any) -> T:
    """The value of type or union ``kind`` that the JSON data stands for."""
    try:
        value: T = _converter.structure(form, kind)
    except (
        BaseValidationError,
        cattrs.ForbiddenExtraKeysError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
    ) as error:
        raise WireError(f"not a {getattr(kind, '__name__', kind)}: {error}") from error
    return value
