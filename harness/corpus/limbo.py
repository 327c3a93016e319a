"""x509-limbo suites, read and written (https://x509-limbo.com, ``limbo-schema.json``).

A testcase's ``SERVER`` is the end it validates, so a client is under test. What the
format has no field for stands in the side file (``harness.corpus.sidefile``).
"""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from harness.case import Case, Role, TrustedItem, is_address
from harness.corpus import pem
from harness.corpus.askable import PeerName, Wishes, reference_name, why_unsupported
from harness.corpus.fields import Fields
from harness.corpus.sidefile import (
    Aside,
    header,
    load_json,
    load_side_file,
    side_form,
    side_path,
)
from harness.corpus.suite import (
    Expected,
    Suite,
    SuiteCase,
    SuiteError,
    default_flag_sets,
)
from harness.pem import write_pem

VERSION: Final = 1
HAS_CRL: Final = "has-crl"
_ROLES: Final = {"SERVER": Role.CLIENT, "CLIENT": Role.SERVER}
_KINDS: Final = {role: kind for kind, role in _ROLES.items()}
_ID: Final = re.compile(r"([A-Za-z][A-Za-z0-9-.]+::)*[A-Za-z][A-Za-z0-9-.]+")
_KNOWN: Final = frozenset(
    {
        "id",
        "conflicts_with",
        "features",
        "importance",
        "description",
        "validation_kind",
        "trusted_certs",
        "untrusted_intermediates",
        "peer_certificate",
        "peer_certificate_key",
        "validation_time",
        "signature_algorithms",
        "key_usage",
        "extended_key_usage",
        "expected_result",
        "expected_peer_name",
        "expected_peer_names",
        "max_chain_depth",
        "crls",
    }
)


def load_suite(path: Path, *, now: float | None = None) -> Suite:
    """The cases of a suite and of its side file, in the suite's order.

    ``now`` (seconds since the epoch; the clock's if None) decides which testcases with
    a ``validation_time`` can be asked. Raises ``SuiteError`` for anything that is not
    in the format; a field that the format has not makes its testcase unsupported.
    """
    moment = time.time() if now is None else now
    fields = header(load_json(path), path, VERSION)
    testcases: dict[str, Fields] = {}
    for testcase in fields.objects("testcases"):
        name = testcase.text("id")
        if not name or name in testcases:
            why = "is the id of two testcases" if name else "is empty"
            fields.refuse("id", why, name)
        testcases[name] = replace(testcase, case_id=name)
    asides = load_side_file(path, testcases)
    return Suite(
        path,
        tuple(
            _suite_case(item, asides.get(name, Aside()), moment)
            for name, item in testcases.items()
        ),
    )


def _suite_case(fields: Fields, aside: Aside, now: float) -> SuiteCase:
    expected: Expected | None = Expected(
        fields.one_of("expected_result", [item.value for item in Expected])
    )
    wishes = _wishes(fields, expected)
    case = _case(fields, aside)
    name, note = reference_name(_names(fields), case.role)
    case = replace(case, name=name)
    unsupported = _unknown_field(fields) or why_unsupported(case, wishes, now)
    if note is not None and expected is Expected.FAILURE:
        expected = None
        note += "; it may be the reason of the expected failure"
    flag_sets = aside.flag_sets or default_flag_sets(with_crls=bool(case.crls))
    return SuiteCase(
        id=fields.case_id,
        case=case,
        flag_sets=flag_sets,
        expected=expected,
        unsupported=unsupported,
        description=fields.optional_text("description") or "",
        features=fields.optional_texts("features"),
        notes=() if note is None else (note,),
    )


def _case(fields: Fields, aside: Aside) -> Case:
    """The bytes of a testcase; the name is not in them yet."""
    leaf = fields.pem(
        "peer_certificate",
        fields.text("peer_certificate"),
        pem.PLAIN_CERTIFICATE_LABELS,
    )
    others = _items(fields, "untrusted_intermediates", pem.PLAIN_CERTIFICATE_LABELS)
    key = fields.optional_text("peer_certificate_key")
    return Case(
        peer=(leaf.der, *(item.der for item in others)),
        trusted=pem.trusted_items(
            _items(fields, "trusted_certs", pem.CERTIFICATE_LABELS)
        ),
        crls=pem.crls(_items(fields, "crls", {pem.CRL}, optional=True)),
        role=_ROLES[fields.one_of("validation_kind", _ROLES)],
        security_level=aside.security_level,
        source=aside.source,
        key=None if key is None else _key(fields, key),
    )


def _items(
    fields: Fields,
    field: str,
    labels: Iterable[str],
    *,
    optional: bool = False,
) -> list[pem.PemItem]:
    texts = fields.optional_texts(field) if optional else fields.texts(field)
    known = frozenset(labels)
    return [
        fields.pem(f"{field}[{place}]", text, known) for place, text in enumerate(texts)
    ]


def _key(fields: Fields, text: str) -> bytes | None:
    items = fields.pems("peer_certificate_key", text)
    if not any(item.label in pem.KEY_LABELS for item in items):
        fields.refuse("peer_certificate_key", "holds no private key", text)
    return pem.private_key(items)


def _wishes(fields: Fields, expected: Expected | None) -> Wishes:
    return Wishes(
        validation_time=_time(fields),
        max_chain_depth=fields.optional_number("max_chain_depth", 0, 2**31),
        signature_algorithms=fields.optional_texts("signature_algorithms"),
        key_usage=fields.optional_texts("key_usage"),
        extended_key_usage=fields.optional_texts("extended_key_usage"),
        expected=expected,
    )


def _time(fields: Fields) -> datetime | None:
    text = fields.optional_text("validation_time")
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fields.refuse("validation_time", "is not a date and time of ISO 8601", text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _names(fields: Fields) -> tuple[PeerName, ...]:
    """Every name the testcase expects; the format has a field for each role."""
    one = fields.optional_object("expected_peer_name")
    many = fields.optional_objects("expected_peer_names")
    names = many if one is None else (one, *many)
    return tuple(
        PeerName(name.one_of("kind", ("DNS", "IP", "RFC822")), name.text("value"))
        for name in names
    )


def _unknown_field(fields: Fields) -> str | None:
    """A field of a newer format could change the question: it is not passed over."""
    for key, value in fields.form.items():
        if key not in _KNOWN and value not in (None, "", [], {}):
            return f"{key}: a field this reader does not know"
    return None


def dump_suite(path: Path, cases: Iterable[SuiteCase]) -> None:
    """Write these cases as a suite at ``path``, with its side file beside it.

    ``load_suite`` gives the same cases, flag sets, levels and sources back, except
    what the format cannot say: a server's reference name, notes, and DSA keys. Raises
    ``SuiteError``, before it writes, for a case that the format cannot hold.
    """
    chosen = tuple(cases)
    seen: set[str] = set()
    for item in chosen:
        if not _ID.fullmatch(item.id) or item.id in seen:
            why = "is the id of two cases" if item.id in seen else "is no id"
            raise SuiteError(why, path=path, field="id", value=item.id)
        seen.add(item.id)
    suite = {
        "version": VERSION,
        "testcases": [_testcase(item, path) for item in chosen],
    }
    for place, form in ((path, suite), (side_path(path), side_form(chosen))):
        text = json.dumps(form, indent=2, ensure_ascii=False) + "\n"
        place.write_text(text, encoding="utf-8", newline="\n")


def _testcase(item: SuiteCase, path: Path) -> dict[str, Any]:
    """One testcase, with every field of the schema in the schema's order."""
    case = item.case
    for field, value in (
        ("expected_result", item.expected),
        ("peer_certificate", case.peer),
    ):
        if not value:
            raise SuiteError(
                "the format needs one", path=path, case_id=item.id, field=field
            )
    name = None if case.name is None else _name_form(case.name)
    is_client = case.role is Role.CLIENT
    features = (*item.features, HAS_CRL) if case.crls else item.features
    key = None if case.key is None else write_pem(pem.PRIVATE_KEY, case.key)
    return {
        "id": item.id,
        "conflicts_with": [],
        "features": list(dict.fromkeys(features)),
        "importance": "undetermined",
        "description": item.description,
        "validation_kind": _KINDS[case.role],
        "trusted_certs": [_trusted(entry) for entry in case.trusted],
        "untrusted_intermediates": [_certificate(der) for der in case.peer[1:]],
        "peer_certificate": _certificate(case.peer[0]),
        "peer_certificate_key": key,
        "validation_time": None,
        "signature_algorithms": [],
        "key_usage": [],
        "extended_key_usage": [],
        "expected_result": item.expected,
        "expected_peer_name": name if is_client else None,
        "expected_peer_names": [] if is_client or name is None else [name],
        "max_chain_depth": None,
        "crls": [write_pem(pem.CRL, der) for der in case.crls],
    }


def _trusted(item: TrustedItem) -> str:
    return write_pem(item.label, item.der)


def _certificate(der: bytes) -> str:
    return write_pem(pem.CERTIFICATE, der)


def _name_form(name: str) -> dict[str, str]:
    return {"kind": "IP" if is_address(name) else "DNS", "value": name}
