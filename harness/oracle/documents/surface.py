"""What the documentation promises of the surface of the ``ssl`` module."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from harness.flags import DOCUMENTED
from harness.oracle.documents.sentences import SENTENCES, SURFACE
from harness.surface import Surface

Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class SurfaceAnswer:
    """Whether one sentence of the surface holds, and what was seen."""

    sentence: str
    held: bool
    expected: str
    observed: str


_Shown = tuple[bool, str, str] | None
"""Held, expected, observed; None where the surface does not show it."""
_CERT_REQUIRED: Final = 2
_NEW_IN_3_10: Final = frozenset({"ALLOW_PROXY_CERTS", "X509_PARTIAL_CHAIN"})
_STRICT_AND_PARTIAL: Final = (
    DOCUMENTED["X509_STRICT"] | DOCUMENTED["X509_PARTIAL_CHAIN"]
)


def judge_surface(surface: Surface, python: Version) -> tuple[SurfaceAnswer, ...]:
    """An answer for each sentence that applies to this Python release and that the
    surface shows."""
    answers = []
    for identifier in SURFACE:
        if python < SENTENCES[identifier].since:
            continue
        shown = _JUDGES[identifier](surface, python)
        if shown is not None:
            held, expected, observed = shown
            answers.append(SurfaceAnswer(identifier, held, expected, observed))
    return tuple(answers)


def _documented(python: Version) -> dict[str, int]:
    """The page's constants in that release, with their values; DEFAULT is 0."""
    names = {"DEFAULT": 0} | DOCUMENTED
    if python < (3, 10):
        names = {name: names[name] for name in names if name not in _NEW_IN_3_10}
    return {f"VERIFY_{name}": value for name, value in names.items()}


def _members(surface: Surface, python: Version) -> _Shown:
    missing = [name for name in _documented(python) if name not in surface.members]
    return not missing, "every constant", f"missing: {', '.join(missing) or 'none'}"


def _constants(surface: Surface, python: Version) -> _Shown:
    other = [
        name
        for name in _documented(python)
        if name not in surface.constants
        or surface.constants[name] != surface.members.get(name)
    ]
    return not other, "equal to the members", f"otherwise: {', '.join(other) or 'none'}"


def _int_flag(surface: Surface, _: Version) -> _Shown:
    return surface.int_flag, "an IntFlag", str(surface.int_flag)


def _values(surface: Surface, python: Version) -> _Shown:
    other = [
        f"{name}={surface.constants[name]:#x}"
        for name, value in _documented(python).items()
        if surface.constants.get(name, value) != value
    ]
    return not other, "OpenSSL's values", f"otherwise: {', '.join(other) or 'none'}"


def _contains_leaf(surface: Surface, _: Version) -> _Shown:
    leaf = surface.constants.get("VERIFY_CRL_CHECK_LEAF")
    chain = surface.constants.get("VERIFY_CRL_CHECK_CHAIN")
    if leaf is None or chain is None:
        return None
    return chain & leaf == leaf, f"a value with {leaf:#x}", f"{chain:#x}"


def _reads_back(surface: Surface, python: Version) -> _Shown:
    known = 0
    for value in _documented(python).values():
        known |= value
    rows = [
        row
        for row in surface.setter
        if row.requested is not None and not row.requested & ~known
    ]
    if not rows:
        return None
    for row in rows:
        if row.read_back != row.requested:
            shown = row.error or f"{row.read_back or 0:#x}"
            return False, f"{row.requested or 0:#x} read back", shown
    return True, "read back", f"{len(rows)} flag sets read back"


def _no_crl_flag(surface: Surface, _: Version) -> _Shown:
    if not surface.constructors:
        return None
    chain = DOCUMENTED["CRL_CHECK_CHAIN"]
    having = [
        name for name, made in surface.constructors.items() if made.verify_flags & chain
    ]
    return not having, "no CRL flag", f"with one: {', '.join(having) or 'none'}"


def _trusted_first(surface: Surface, _: Version) -> _Shown:
    if not surface.constructors:
        return None
    bit = DOCUMENTED["X509_TRUSTED_FIRST"]
    lacking = [
        name
        for name, made in surface.constructors.items()
        if not made.verify_flags & bit
    ]
    return not lacking, "on in each", f"off in: {', '.join(lacking) or 'none'}"


def _nothing_else(surface: Surface, python: Version) -> _Shown:
    if not surface.constructors:
        return None
    first = DOCUMENTED["X509_TRUSTED_FIRST"]
    seen = []
    for name, made in surface.constructors.items():
        allowed = first
        if name.startswith("create_default_context") and python >= (3, 13):
            allowed |= _STRICT_AND_PARTIAL
        if made.verify_flags & ~allowed:
            seen.append(f"{name} {made.verify_flags:#x}")
    return not seen, "no flag besides", f"more in: {', '.join(seen) or 'none'}"


def _highest(protocol: str) -> Callable[[Surface, Version], _Shown]:
    def judge(surface: Surface, _: Version) -> _Shown:
        agreed = surface.negotiated.get(protocol)
        if agreed is None or not surface.highest:
            return None
        return agreed == surface.highest, surface.highest, agreed

    return judge


def _deprecated(surface: Surface, _: Version) -> _Shown:
    made = surface.constructors.get("PROTOCOL_TLS")
    if made is None:
        return None
    warned = "DeprecationWarning" in made.warnings
    return warned, "a DeprecationWarning", ", ".join(made.warnings) or "no warning"


def _verifies(surface: Surface, _: Version) -> _Shown:
    made = surface.constructors.get("PROTOCOL_TLS_CLIENT")
    if made is None:
        return None
    held = made.verify_mode == _CERT_REQUIRED and made.check_hostname
    seen = f"mode {made.verify_mode}, check_hostname {made.check_hostname}"
    return held, f"mode {_CERT_REQUIRED}, check_hostname True", seen


def _default_context(purpose: str) -> Callable[[Surface, Version], _Shown]:
    def judge(surface: Surface, _: Version) -> _Shown:
        made = surface.constructors.get(f"create_default_context({purpose})")
        if made is None:
            return None
        held = made.verify_flags & _STRICT_AND_PARTIAL == _STRICT_AND_PARTIAL
        return held, f"a value with {_STRICT_AND_PARTIAL:#x}", f"{made.verify_flags:#x}"

    return judge


def _loads_crl(parameter: str) -> Callable[[Surface, Version], _Shown]:
    def judge(surface: Surface, _: Version) -> _Shown:
        count = surface.crls_loaded.get(parameter)
        if count is None:
            return None
        return count == 1, "1 CRL in the store", str(count)

    return judge


_JUDGES: Final[dict[str, Callable[[Surface, Version], _Shown]]] = {
    "VerifyFlags/members": _members,
    "VerifyFlags/constants": _constants,
    "VerifyFlags/int-flag": _int_flag,
    "VerifyFlags/values": _values,
    "CRL_CHECK_CHAIN/contains-leaf": _contains_leaf,
    "verify_flags/reads-back": _reads_back,
    "VERIFY_DEFAULT/no-crl-flag": _no_crl_flag,
    "X509_TRUSTED_FIRST/default": _trusted_first,
    "verify_flags/default": _nothing_else,
    "PROTOCOL_TLS/highest": _highest("PROTOCOL_TLS"),
    "PROTOCOL_TLS/deprecated": _deprecated,
    "PROTOCOL_TLS_CLIENT/highest": _highest("PROTOCOL_TLS_CLIENT"),
    "PROTOCOL_TLS_CLIENT/verifies": _verifies,
    "create_default_context/server-auth": _default_context("SERVER_AUTH"),
    "create_default_context/client-auth": _default_context("CLIENT_AUTH"),
    "load_verify_locations/crl": _loads_crl("cafile"),
    "load_verify_locations/cadata-crl": _loads_crl("cadata"),
}
