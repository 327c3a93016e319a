"""The sentences of the surface: each holds of a right surface and fails of a wrong."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.flags import DOCUMENTED
from harness.oracle.documents.sentences import SENTENCES, SURFACE
from harness.oracle.documents.surface import SurfaceAnswer, judge_surface
from harness.surface import Constructor, SetterRow, Surface

CONSTANTS = {"VERIFY_DEFAULT": 0} | {
    f"VERIFY_{name}": value for name, value in DOCUMENTED.items()
}
FIRST = 0x8000
PLAIN = Constructor(FIRST, 2, True)
CREATED = Constructor(0x88020, 2, True)

RIGHT = Surface(
    members=CONSTANTS,
    constants=CONSTANTS,
    int_flag=True,
    constructors={
        "PROTOCOL_TLS": Constructor(FIRST, 0, False, ("DeprecationWarning",)),
        "PROTOCOL_TLS_CLIENT": PLAIN,
        "PROTOCOL_TLS_SERVER": Constructor(FIRST, 0, False),
        "create_default_context(SERVER_AUTH)": CREATED,
        "create_default_context(CLIENT_AUTH)": CREATED,
    },
    setter=(SetterRow(0x24, 0x24), SetterRow(0x100, 0x180), SetterRow(None, None)),
    negotiated={"PROTOCOL_TLS": "TLSv1.3", "PROTOCOL_TLS_CLIENT": "TLSv1.3"},
    highest="TLSv1.3",
    crls_loaded={"cafile": 1, "cadata": 1},
)


def answers(
    surface: Surface, python: tuple[int, int, int] = (3, 13, 0)
) -> dict[str, SurfaceAnswer]:
    """The answers about a surface by sentence."""
    return {answer.sentence: answer for answer in judge_surface(surface, python)}


def test_a_right_surface_holds_every_sentence() -> None:
    """On 3.13 every sentence applies, is shown, and holds."""
    found = answers(RIGHT)
    assert set(found) == set(SURFACE)
    assert [answer for answer in found.values() if not answer.held] == []


def constructor(name: str, made: Constructor) -> Callable[[], Surface]:
    """The right surface with another constructor of that name."""
    return lambda: replace(RIGHT, constructors={**RIGHT.constructors, name: made})


WRONG: dict[str, Callable[[], Surface]] = {
    "VerifyFlags/members": lambda: replace(
        RIGHT, members={k: v for k, v in CONSTANTS.items() if "CHAIN" not in k}
    ),
    "VerifyFlags/constants": lambda: replace(
        RIGHT, members=CONSTANTS | {"VERIFY_DEFAULT": 1}
    ),
    "VerifyFlags/int-flag": lambda: replace(RIGHT, int_flag=False),
    "VerifyFlags/values": lambda: replace(
        RIGHT, constants=CONSTANTS | {"VERIFY_X509_STRICT": 0x10}
    ),
    "CRL_CHECK_CHAIN/contains-leaf": lambda: replace(
        RIGHT, constants=CONSTANTS | {"VERIFY_CRL_CHECK_CHAIN": 0x8}
    ),
    "verify_flags/reads-back": lambda: replace(RIGHT, setter=(SetterRow(0x24, 0x20),)),
    "VERIFY_DEFAULT/no-crl-flag": constructor(
        "PROTOCOL_TLS", replace(PLAIN, verify_flags=0x8004)
    ),
    "X509_TRUSTED_FIRST/default": constructor(
        "PROTOCOL_TLS_SERVER", replace(PLAIN, verify_flags=0)
    ),
    "verify_flags/default": constructor(
        "PROTOCOL_TLS_SERVER", replace(PLAIN, verify_flags=0x8020)
    ),
    "PROTOCOL_TLS/highest": lambda: replace(
        RIGHT, negotiated={"PROTOCOL_TLS": "TLSv1.2", "PROTOCOL_TLS_CLIENT": "TLSv1.3"}
    ),
    "PROTOCOL_TLS/deprecated": constructor("PROTOCOL_TLS", PLAIN),
    "PROTOCOL_TLS_CLIENT/highest": lambda: replace(
        RIGHT, negotiated={"PROTOCOL_TLS": "TLSv1.3", "PROTOCOL_TLS_CLIENT": "TLSv1.2"}
    ),
    "PROTOCOL_TLS_CLIENT/verifies": constructor(
        "PROTOCOL_TLS_CLIENT", replace(PLAIN, check_hostname=False)
    ),
    "create_default_context/server-auth": constructor(
        "create_default_context(SERVER_AUTH)", PLAIN
    ),
    "create_default_context/client-auth": constructor(
        "create_default_context(CLIENT_AUTH)", PLAIN
    ),
    "load_verify_locations/crl": lambda: replace(
        RIGHT, crls_loaded={"cafile": 0, "cadata": 1}
    ),
    "load_verify_locations/cadata-crl": lambda: replace(
        RIGHT, crls_loaded={"cafile": 1, "cadata": 0}
    ),
}


@pytest.mark.parametrize("sentence", SURFACE)
def test_a_wrong_surface_fails_its_sentence(sentence: str) -> None:
    """Each sentence notices its own breach and says what was seen."""
    answer = answers(WRONG[sentence]())[sentence]
    assert not answer.held
    assert answer.expected != answer.observed


def test_what_a_release_does_not_promise_is_not_asked() -> None:
    """Sentences newer than the Python are left out; its constants are its own."""
    found = answers(RIGHT, (3, 9, 18))
    assert "create_default_context/server-auth" not in found
    assert "PROTOCOL_TLS/deprecated" not in found
    assert set(found) == {
        name for name in SURFACE if SENTENCES[name].since <= (3, 9, 18)
    }
    members = {
        name: value
        for name, value in CONSTANTS.items()
        if "PROXY" not in name and "PARTIAL" not in name
    }
    partial = replace(RIGHT, members=members, constants=members)
    assert answers(partial, (3, 9, 18))["VerifyFlags/members"].held
    assert not answers(partial, (3, 10, 0))["VerifyFlags/members"].held


def test_what_is_not_shown_is_not_answered() -> None:
    """A surface that shows nothing of a sentence gives no answer to it."""
    bare = Surface(members=CONSTANTS, constants=CONSTANTS, int_flag=True)
    assert set(answers(bare)) == {
        "VerifyFlags/members",
        "VerifyFlags/constants",
        "VerifyFlags/int-flag",
        "VerifyFlags/values",
        "CRL_CHECK_CHAIN/contains-leaf",
    }
