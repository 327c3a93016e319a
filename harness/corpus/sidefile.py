"""The side file of a suite: what x509-limbo's format has no field for.

``NAME.verifyflags.json`` beside ``NAME.json``::

    {"version": 1, "cases": {"ID": {"verify_flags": ["CRL_CHECK_LEAF", 32800],
                                    "security_level": 2, "source": "capath"}}}

Each of a case's fields may be left out. ``verify_flags`` is a list of flag sets, each
in the text form of ``Flags.parse`` or a number; ``source`` says how CRLs are loaded.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from harness.case import Source
from harness.corpus.fields import Fields
from harness.corpus.suite import SuiteCase, SuiteError
from harness.flags import Flags, FlagsError

VERSION: Final = 1
_FIELDS: Final = ("verify_flags", "security_level", "source")
_HIGHEST_LEVEL: Final = 5  # SSL_CTX_set_security_level(3)
_DEFAULT_LEVEL: Final = 2


@dataclass(frozen=True, slots=True)
class Aside:
    """What a side file says of one case. ``flag_sets`` is None where it says none."""

    flag_sets: tuple[Flags, ...] | None = None
    security_level: int = _DEFAULT_LEVEL
    source: Source = Source.CAFILE


def side_path(path: Path) -> Path:
    """Where the side file of a suite stands, whether it exists or not."""
    stem = path.stem if path.suffix == ".json" else path.name
    return path.with_name(f"{stem}.verifyflags.json")


def load_json(path: Path) -> Any:
    """A file's JSON. Raises ``SuiteError`` if it cannot be read or is none."""
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise SuiteError(error.strerror or str(error), path=path) from error
    except (ValueError, RecursionError) as error:
        raise SuiteError(f"is not JSON: {error}", path=path) from error


def header(form: Any, path: Path, version: int) -> Fields:
    """The outermost object of a file, once its version is seen to be this one."""
    if not isinstance(form, Mapping):
        raise SuiteError("is not a JSON object", path=path)
    fields = Fields(form, path)
    found = form.get("version")
    if type(found) is not int or found != version:
        fields.refuse("version", f"this reads version {version}", found)
    return fields


def load_side_file(suite: Path, ids: Collection[str]) -> dict[str, Aside]:
    """What the suite's side file says, by case; empty if there is no such file.

    Raises ``SuiteError`` if it is not in its format or names a case not in ``ids``.
    """
    path = side_path(suite)
    if not path.exists():
        return {}
    fields = header(load_json(path), path, VERSION)
    cases = fields.optional_object("cases")
    if cases is None:
        fields.refuse("cases", "the field is missing")
    return {name: _aside(cases, name, ids) for name in cases.form}


def _aside(cases: Fields, name: str, ids: Collection[str]) -> Aside:
    form = cases.form[name]
    fields = Fields(form, cases.path, name)
    if name not in ids:
        fields.refuse("", "the suite has no such case")
    if not isinstance(form, Mapping):
        fields.refuse("", "is not an object", form)
    for key in form:
        if key not in _FIELDS:
            fields.refuse(key, f"is none of {', '.join(_FIELDS)}")
    level = fields.optional_number("security_level", 0, _HIGHEST_LEVEL)
    source = Source.CAFILE
    if form.get("source") is not None:
        source = Source(fields.one_of("source", [item.value for item in Source]))
    return Aside(
        flag_sets=_flag_sets(fields),
        security_level=_DEFAULT_LEVEL if level is None else level,
        source=source,
    )


def _flag_sets(fields: Fields) -> tuple[Flags, ...] | None:
    value = fields.form.get("verify_flags")
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        fields.refuse("verify_flags", "is not a list of at least one flag set", value)
    sets: list[Flags] = []
    for place, item in enumerate(value):
        field = f"verify_flags[{place}]"
        try:
            if isinstance(item, str):
                sets.append(Flags.parse(item))
            elif type(item) is int:
                sets.append(Flags(item))
            else:
                fields.refuse(field, "is neither a text nor a number", item)
        except FlagsError as error:
            fields.refuse(field, str(error), item)
    return tuple(dict.fromkeys(sets))


def side_form(cases: Collection[SuiteCase]) -> dict[str, Any]:
    """The JSON of a side file that says everything of these cases."""
    entries: dict[str, Any] = {}
    for item in cases:
        entry: dict[str, Any] = {
            "verify_flags": [str(flags) for flags in item.flag_sets],
            "security_level": item.case.security_level,
        }
        if item.case.source is not Source.CAFILE:
            entry["source"] = item.case.source.value
        entries[item.id] = entry
    return {"version": VERSION, "cases": entries}
