"""JSON forms of our values: bytes as base64, unions tagged, every round trip exact.

A dataclass that is a member of a union carries its class's name under ``is``; sets are
sorted, so equal values have equal forms. ``to_json`` makes plain JSON data;
``from_json`` reads it back, converts nothing in silence, and raises ``WireError`` with
the place and the value that is wrong.
"""

import base64
import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from reprlib import repr as shortened
from typing import Any, Final, TypeVar, Union, get_args, get_origin

from cattrs import BaseValidationError, Converter, ForbiddenExtraKeysError
from cattrs.cols import list_structure_factory
from cattrs.preconf.json import make_converter
from cattrs.v import transform_error

from harness.flags import Flags

T = TypeVar("T")

_WORDS: Final = {
    bool: "true or false",
    dict: "an object",
    int: "an integer",
    list: "an array",
    str: "text",
}
"""Python's types of JSON data, and what to call them."""


class WireError(ValueError):
    """JSON that is not a value of the wanted type."""


def _exactly(form: Any, kind: type) -> Any:
    if type(form) is not kind:
        raise WireError(f"{shortened(form)} is not {_WORDS[kind]}")
    return form


def _number(form: Any, _: Any) -> float:
    """A JSON number; cattrs would take text that looks like one."""
    if type(form) not in (int, float):
        raise WireError(f"{shortened(form)} is not a number")
    return float(form)


def _read_plain(form: Any, kind: Any) -> Any:
    """Of a plain type, exactly; of an enumeration on one, the member of that value."""
    return _exactly(form, kind) if _is_plain(kind) else kind(form)


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", "") or str(kind)


def _is_plain(kind: Any) -> bool:
    return kind is bool or kind is int or kind is str


def _is_union(kind: Any) -> bool:
    """A union that is not just an optional value."""
    if get_origin(kind) not in (Union, types.UnionType):
        return False
    return len(set(get_args(kind)) - {type(None)}) > 1


def _union_writer(kind: Any, converter: Converter) -> Any:
    members = get_args(kind)

    def write(value: Any) -> Any:
        for member in members:
            if type(value) is (get_origin(member) or member):
                form = converter.unstructure(value, unstructure_as=member)
                return {"is": _name(member), **form} if is_dataclass(member) else form
        raise WireError(f"{shortened(value)} is none of {_listed(members)}")

    return write


def _union_reader(kind: Any, converter: Converter) -> Any:
    members = get_args(kind)
    tagged: dict[str, Any] = {
        _name(item): item for item in members if is_dataclass(item)
    }
    plain = {member for member in members if _is_plain(member) or member is type(None)}
    other = [item for item in members if item not in plain and not is_dataclass(item)]

    def read(form: Any, _: Any) -> Any:
        if isinstance(form, Mapping):
            name = form.get("is")
            if type(name) is str and name in tagged:
                rest = {key: value for key, value in form.items() if key != "is"}
                return converter.structure(rest, tagged[name])
        elif type(form) in plain:
            return form
        elif other:
            return converter.structure(form, other[0])
        raise WireError(f"{shortened(form)} is none of {_listed(members)}")

    return read


def _listed(members: tuple[Any, ...]) -> str:
    return ", ".join(_name(member) for member in members)


def _is_row(kind: Any) -> bool:
    origin = get_origin(kind)
    return origin is frozenset or (origin is tuple and get_args(kind)[-1] is ...)


def _row_reader(kind: Any, converter: Converter) -> Any:
    structure = list_structure_factory(kind, converter)
    row = get_origin(kind)
    return lambda form, _: row(structure(_exactly(form, list), kind))


def _object_reader(kind: Any, converter: Converter) -> Any:
    structure = converter.gen_structure_attrs_fromdict(kind)
    return lambda form, _: structure(_exactly(form, dict), kind)


def _read_bytes(form: Any, _: Any) -> bytes:
    text = _exactly(form, str)
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise WireError(f"{shortened(text)} is not base64 text") from error


def _make(*, detailed: bool) -> Converter:
    """A converter; a detailed one is slower and knows the place of an error."""
    converter = make_converter(detailed_validation=detailed, forbid_extra_keys=True)
    for plain in (bool, int, str):
        converter.register_structure_hook(plain, _read_plain)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook_factory(is_dataclass, _object_reader)
    converter.register_structure_hook_factory(_is_row, _row_reader)
    converter.register_unstructure_hook(frozenset, sorted)
    converter.register_unstructure_hook(bytes, lambda b: base64.b64encode(b).decode())
    converter.register_structure_hook(bytes, _read_bytes)
    converter.register_unstructure_hook(Flags, lambda flags: flags.bits)
    converter.register_structure_hook(Flags, lambda form, _: Flags(_exactly(form, int)))
    converter.register_unstructure_hook_factory(_is_union, _union_writer)
    converter.register_structure_hook_factory(_is_union, _union_reader)
    return converter


_fast: Final = _make(detailed=False)
_detailed: Final = _make(detailed=True)
_REFUSALS: Final = (
    BaseValidationError,
    ForbiddenExtraKeysError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)
"""How a converter refuses; anything else is our own mistake and passes through."""


def to_json(value: Any, kind: Any = None) -> Any:
    """Plain JSON data for ``value``, read as the type or union ``kind``.

    Raises ``WireError`` for a value that is no member of the union.
    """
    return _fast.unstructure(value, unstructure_as=kind or type(value))


def from_json(form: Any, kind: type[T] | Any) -> T:
    """The value of type or union ``kind`` that the JSON data stands for.

    Raises ``WireError``.
    """
    try:
        value: T = _fast.structure(form, kind)
    except _REFUSALS as error:
        raise WireError(_complaint(form, kind, error)) from error
    return value


def _complaint(form: Any, kind: Any, error: BaseException) -> str:
    """The first thing that is wrong with the form, after its place."""
    try:
        _detailed.structure(form, kind)
    except _REFUSALS as precise:
        error = precise
    root = "value" if _is_union(kind) else _name(kind)
    first = transform_error(error, path=root, format_exception=_said)[0]
    said, _, place = first.rpartition(" @ ")
    return f"{place}: {said}"


def _said(error: BaseException, _: Any) -> str:
    match error:
        case ForbiddenExtraKeysError():
            return f"unknown {', '.join(sorted(error.extra_fields))}"
        case KeyError():
            return "missing"
        case AttributeError():
            return "not an object"
        case _:
            return str(error)
