"""JSON forms: every value of every word survives them, and wrong JSON is refused."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.case import Case, TrustedItem
from harness.facts import Certificate, Crl, Facts, Malformed, Revoked, Signature
from harness.finding import (
    Breaks,
    Conforms,
    Diverges,
    Finding,
    Ledgered,
    NotModelled,
    NotShown,
    Unexplained,
)
from harness.flags import Flags
from harness.outcome import Accepted, Answer, Outcome, Rejected
from harness.pki.spec import CertificateSpec, CrlSpec, RevokedSpec, Scenario, TrustSpec
from harness.surface import Surface
from harness.target.target import Question, Target
from harness.verdict import MustReject, Promise, Verdict
from harness.wire import WireError, from_json, to_json

seeded = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.data_too_large],  # facts are large by nature
)

flags = st.integers(0, 2**64 - 1).map(Flags)
numbers = st.dictionaries(st.text(max_size=4), st.integers(), max_size=3)
texts = st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=3)


def few(kind: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """At most two values of the type: a scenario of many says nothing more."""
    return st.lists(st.from_type(kind), max_size=2).map(tuple)


facts = st.builds(
    Facts,
    peer=few(Certificate),
    crls=few(Crl),
    signatures=st.dictionaries(st.text(max_size=9), st.sampled_from(Signature)),
)
scenarios = st.builds(
    Scenario,
    certificates=few(CertificateSpec),
    crls=few(CrlSpec),
    trusted=few(TrustSpec),
)
surfaces = st.builds(
    Surface, members=numbers, constants=numbers, negotiated=texts, crls_loaded=numbers
)
answers = st.builds(Answer, requested=flags, effective=st.none() | flags)
questions = st.builds(Question, flags=st.lists(flags, max_size=3).map(tuple))
findings = st.one_of(
    st.builds(Conforms),
    st.builds(Ledgered),
    st.builds(Diverges, bits=flags),
    st.builds(Unexplained, bits=flags),
    st.builds(Breaks),
    st.builds(NotShown),
    st.builds(NotModelled),
)


def journey(value: Any, kind: Any) -> Any:
    """The value after a journey as JSON text."""
    back: Any = from_json(json.loads(json.dumps(to_json(value, kind))), kind)
    return back


def identical(left: Any, right: Any) -> bool:
    """Whether the values are equal and of the same types all the way down."""
    if is_dataclass(left):
        return type(left) is type(right) and all(
            identical(getattr(left, field.name), getattr(right, field.name))
            for field in fields(left)
        )
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(identical, left, right))
    if isinstance(left, Mapping):
        return left.keys() == right.keys() and all(
            identical(left[key], right[key]) for key in left
        )
    return type(left) is type(right) and bool(left == right)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (flags, Flags),
        (st.builds(Case), Case),
        (facts, Facts),
        (scenarios, Scenario),
        (st.one_of(*map(st.builds, get_args(Outcome))), Outcome),
        (answers, Answer),
        (questions, Question),
        (st.builds(Target, env=texts), Target),
        (surfaces, Surface),
        (st.builds(Verdict), Verdict),
        (findings, Finding),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_every_value_survives_its_json_form(
    values: st.SearchStrategy[Any], kind: Any
) -> None:
    """A value read back from its JSON text is the same value, types and all."""

    @seeded
    @given(values)
    def survives(value: Any) -> None:
        assert identical(journey(value, kind), value)

    survives()


@pytest.mark.parametrize(
    ("kind", "value", "form"),
    [
        (Flags, Flags(0x88020), 0x88020),
        (TrustedItem, TrustedItem(b"\0\xff"), {"der": "AP8=", "label": "CERTIFICATE"}),
        (Outcome, Accepted(), {"is": "Accepted", "path": None}),
        (Promise, MustReject((), frozenset({23, 9})), {"codes": [9, 23]}),
        (RevokedSpec, RevokedSpec("leaf"), {"certificate": "leaf"}),
        (RevokedSpec, RevokedSpec(7), {"certificate": 7}),
        (
            Revoked,
            Revoked(1, Malformed("x")),
            {"reason": {"is": "Malformed", "why": "x"}},
        ),
    ],
)
def test_json_forms(kind: Any, value: Any, form: Any) -> None:
    """Bytes are base64, flags a number, sets sorted, members of a union named."""
    written = to_json(value, kind)
    assert written == (written | form if isinstance(form, dict) else form)
    assert identical(journey(value, kind), value)


@pytest.mark.parametrize(
    ("kind", "form", "complaint"),
    [
        (Case, {"trusted": []}, "Case.peer: missing"),
        (Case, [], "Case: [] is not an object"),
        (Case, {"peer": "abcd", "trusted": []}, "Case.peer: 'abcd' is not an array"),
        (Case, {"peer": ["?"], "trusted": []}, "Case.peer[0]: '?' is not base64 text"),
        (Case, {"peer": ["é"], "trusted": []}, "Case.peer[0]: 'é' is not base64 text"),
        (Case, {"peer": [], "trusted": [], "rôle": 1}, "Case: unknown rôle"),
        (
            TrustedItem,
            {"der": "", "label": "X"},
            "TrustedItem.label: 'X' is not a valid",
        ),
        (Flags, "4", "Flags: '4' is not an integer"),
        (Flags, True, "Flags: True is not an integer"),
        (Flags, -1, "Flags: flags -1: outside"),
        (Rejected, {"code": "23"}, "Rejected.code: '23' is not an integer"),
        (Rejected, {"code": 1.5}, "Rejected.code: 1.5 is not an integer"),
        (Rejected, {"message": 3}, "Rejected.message: 3 is not text"),
        (Outcome, {"is": "Perhaps"}, "value: {'is': 'Perhaps'} is none of Accepted, "),
        (Outcome, {"path": None}, "value: {'path': None} is none of Accepted, "),
        (Outcome, {"is": ["Accepted"]}, "value: {'is': ['Accepted']} is none of"),
        (Outcome, None, "value: None is none of Accepted, "),
        (Outcome, {"is": "Accepted", "path": [1]}, "value.path[0]: 1 is not text"),
        (Revoked, {"serial": 1, "reason": "x"}, "Revoked.reason: 'x' is none of int, "),
        (
            Revoked,
            {"serial": 1, "reason": {"is": "Malformed"}},
            "Revoked.reason.why: miss",
        ),
        (
            RevokedSpec,
            {"certificate": True},
            "RevokedSpec.certificate: True is none of",
        ),
        (Surface, {"members": []}, "Surface.members: not an object"),
        (
            Surface,
            {"members": {"A": "1"}},
            "Surface.members['A']: '1' is not an integer",
        ),
        (
            Promise,
            {"is": "MustReject", "sentences": [], "codes": 9},
            "value.codes: 9 is",
        ),
    ],
)
def test_wrong_json_is_refused_with_its_place(
    kind: Any, form: Any, complaint: str
) -> None:
    """The error shows where the JSON is wrong and the value that stands there."""
    with pytest.raises(WireError) as caught:
        from_json(form, kind)
    assert str(caught.value).startswith(complaint)


def test_a_value_of_another_union_is_refused() -> None:
    """Writing a value as a union it is no member of is an error that shows it."""
    with pytest.raises(WireError, match=r"Accepted\(path=None\) is none of Conforms, "):
        to_json(Accepted(), Finding)


def test_equal_values_have_equal_forms() -> None:
    """A set's form is sorted, so that a seed gives the same bytes in every process."""
    names = [f"name{number}" for number in range(50)]
    codes = [MustReject((), frozenset(row)) for row in (range(9), range(8, -1, -1))]
    assert to_json(codes[0]) == to_json(codes[1])
    assert to_json(frozenset(names)) == sorted(names)


def test_an_error_of_a_large_value_is_short() -> None:
    """The complaint about a long text shows its ends, not all of it."""
    with pytest.raises(WireError) as caught:
        from_json({"peer": ["?" * 100_000], "trusted": []}, Case)
    assert len(str(caught.value)) < 200
