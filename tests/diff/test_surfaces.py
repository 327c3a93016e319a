"""Two surfaces: every fact in which they differ, and which of them loosens."""

from dataclasses import replace

import pytest

from harness.diff.surfaces import Fact, facts
from harness.surface import Constructor
from strategies.surfaces import CHANGES, documented

OLD, NEW = documented((3, 12, 0)), documented((3, 13, 0))
CALL = "create_default_context(SERVER_AUTH)"


def test_equal_surfaces_have_no_facts() -> None:
    """Nothing is said where nothing differs."""
    assert list(facts(NEW, NEW)) == []


def test_defaults_of_3_13_are_told() -> None:
    """Both purposes' default flags, by their names."""
    assert [fact.what for fact in facts(OLD, NEW)] == [
        "create_default_context(SERVER_AUTH).verify_flags",
        "create_default_context(CLIENT_AUTH).verify_flags",
    ]
    assert next(facts(OLD, NEW)).one == "X509_TRUSTED_FIRST"


@pytest.mark.parametrize("name", sorted(set(CHANGES) - {"nothing set"}))
def test_every_departure_is_told(name: str) -> None:
    """Whatever a surface may show otherwise is a fact, from either side."""
    departed = CHANGES[name](NEW)
    told = [(fact.what, fact.one, fact.two) for fact in facts(NEW, departed)]
    back = [(fact.what, fact.two, fact.one) for fact in facts(departed, NEW)]
    assert told
    assert sorted(told) == sorted(back)


@pytest.mark.parametrize(
    "made", [Constructor(NEW.constructors[CALL].verify_flags, 1, True)]
)
def test_less_verification_loosens(made: Constructor) -> None:
    """A lower verify_mode, or no host name check, is worse than any certificate."""
    weaker = replace(NEW, constructors={**NEW.constructors, CALL: made})
    (fact,) = facts(NEW, weaker)
    assert fact == Fact(f"{CALL}.verify_mode", "CERT_REQUIRED", "CERT_OPTIONAL", True)
    (back,) = facts(weaker, NEW)
    assert not back.loosens
    blind = replace(made, verify_mode=2, check_hostname=False)
    (fact,) = facts(NEW, replace(NEW, constructors={**NEW.constructors, CALL: blind}))
    assert fact.loosens
