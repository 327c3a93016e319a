"""The registry of sentences: complete, addressed, and named after its flags."""

import pytest

from harness.flags import DOCUMENTED, RAW
from harness.oracle.documents.sentence import (
    EDITIONS,
    HOLDS,
    LETS_PASS,
    REFUSES,
    edition_of,
)
from harness.oracle.documents.sentences import SENTENCES, SURFACE, stands
from harness.oracle.documents.surface import _JUDGES

FLAGS = ["VERIFY_DEFAULT", *DOCUMENTED]


@pytest.mark.parametrize("name", FLAGS)
def test_each_documented_flag_has_a_sentence_with_both_sides(name: str) -> None:
    """Each of Python's seven flags is promised something with a refusing and a
    passing side."""
    sentence = SENTENCES[name]
    assert set(sentence.sides) == {REFUSES, LETS_PASS}
    assert sentence.address.endswith(f"#ssl.VERIFY_{name.removeprefix('VERIFY_')}")


def test_each_row_of_the_page_is_covered() -> None:
    """The classes and functions of the page have sentences of their own."""
    heads = {identifier.partition("/")[0] for identifier in SENTENCES}
    assert heads >= {
        *FLAGS,
        "VerifyFlags",
        "verify_flags",
        "PROTOCOL_TLS",
        "PROTOCOL_TLS_CLIENT",
        "create_default_context",
        "load_verify_locations",
    }


def test_identifiers_begin_with_the_flag_they_name() -> None:
    """A sentence about a flag begins with that flag's name."""
    values = {"VERIFY_DEFAULT": 0} | DOCUMENTED | RAW
    for identifier, sentence in SENTENCES.items():
        head = identifier.partition("/")[0]
        if sentence.flag is not None:
            assert values[head] == sentence.flag.bits
        assert sentence.address.startswith(("https://docs.python", "https://docs.open"))
        assert sentence.sides


def test_a_part_has_its_whole_among_the_sentences_of_paths() -> None:
    """Every part of a flag's sentence about paths belongs to a known sentence."""
    for identifier, sentence in SENTENCES.items():
        if identifier not in SURFACE and sentence.parent is not None:
            assert sentence.parent in SENTENCES


def test_each_surface_sentence_has_a_judge() -> None:
    """The surface's sentences and its judges are the same set, with one side."""
    assert set(SURFACE) == set(_JUDGES)
    assert {SENTENCES[identifier].sides for identifier in SURFACE} == {(HOLDS,)}


@pytest.mark.parametrize(
    ("number", "edition"),
    [
        (0x101010FF, "1.1.1"),
        (0x20000000, "1.1.1"),
        (0x30000130, "3.0"),
        (0x30600050, "3.0"),
        (0x40000030, "4.0"),
    ],
)
def test_the_edition_follows_the_version_number(number: int, edition: str) -> None:
    """An OPENSSL_VERSION_NUMBER tells the manual's edition, which is a known one."""
    assert edition_of(number) == edition
    assert edition in EDITIONS


def test_the_list_of_strict_checks_is_of_its_edition() -> None:
    """1.1.1 names one workaround; 4.0 dropped the criticality of two extensions."""
    strict = [name for name in SENTENCES if name.startswith("X509_STRICT/")]
    assert [name for name in strict if stands(name, "1.1.1")] == [
        "X509_STRICT/basic-constraints"
    ]
    listed = [name for name in strict if stands(name, "3.0")]
    assert {name for name in listed if not stands(name, "4.0")} == {
        "X509_STRICT/ca-constraints-critical",
        "X509_STRICT/key-ids-not-critical",
    }
