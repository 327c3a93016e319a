"""Edits of issued bytes: what each does, and what is signed."""

import ssl
from dataclasses import replace

import pytest

from harness.case import Case
from harness.facts import Signature
from harness.pki.edit import applicable
from harness.pki.element import parsed, places, written
from harness.pki.issue import issue, issue_all
from harness.pki.read import read
from harness.pki.spec import CrlSpec, RevokedSpec, Scenario
from harness.pki.spec_edits import EditKind, EditSpec
from strategies.draft import covered, plain
from tests.pki.plain import NOW, SEED, issued

PLAIN = covered(plain(("p256",))).scenario
SERIAL = "tbsCertificate.serialNumber"
BASIC = "tbsCertificate.extensions.0.basicConstraints"


def edited(*edits: EditSpec, scenario: Scenario = PLAIN) -> Case:
    """The plain chain's case after these edits."""
    return issue(replace(scenario, edits=edits), seed=SEED, now=NOW)


def leaf(place: str, kind: EditKind, number: int = 0, *, signed: bool = True) -> bytes:
    """The plain leaf after one edit."""
    edit = EditSpec("leaf", place, kind, number, "intermediate-1", signed)
    return edited(edit).peer[0]


WHOLE = leaf("nowhere", EditKind.LEFT_OUT)


def test_everything_issued_is_written_back() -> None:
    """A tree that nothing is done to gives its own octets, and knows every field."""
    pki = issued()
    for encoding in (*pki.certificates.values(), *pki.crls.values()):
        root = parsed(encoding)
        assert written(root) == encoding
        fields = [place for place in places(root) if place.count(".") == 1]
        tbs = [place.split(".")[1] for place in fields if place.startswith("tbs")]
        assert not any(step.isdigit() for step in tbs), tbs


def test_places_have_the_names_of_the_format() -> None:
    """Fields, extensions and entries are called what RFC 5280 calls them."""
    scenario = replace(
        PLAIN,
        crls=(CrlSpec("crl", PLAIN.crls[0].issuer, revoked=(RevokedSpec("leaf"),)),),
        loaded=("crl",),
    )
    pki = issue_all(scenario, seed=SEED, now=NOW)
    of_leaf = places(parsed(pki.certificates["leaf"]))
    of_crl = places(parsed(pki.crls["crl"]))
    assert f"{BASIC}.extnValue.0" in of_leaf
    assert "tbsCertificate.validity.notAfter" in of_leaf
    assert "tbsCertList.revokedCertificates.0.userCertificate" in of_crl
    assert "tbsCertList.crlExtensions.0.cRLNumber.extnValue.0" in of_crl


def test_an_edit_before_signing_keeps_the_signature_good() -> None:
    """The edited octets are what is signed; edited after, the signature is bad."""
    for signed, wanted in ((True, Signature.GOOD), (False, Signature.BAD)):
        edit = EditSpec("leaf", SERIAL, EditKind.FLIPPED, signed=signed)
        facts = read(edited(edit))
        assert not facts.unreadable
        assert facts.verifies(facts.peer[0], facts.peer[1]) is wanted


@pytest.mark.parametrize(
    ("place", "kind", "number", "before", "after"),
    [
        (f"{BASIC}.extnValue.0", EditKind.TWICE, 0, "04023000", "040430003000"),
        (f"{BASIC}.extnValue.0", EditKind.NULLED, 0, "04023000", "04020500"),
        (f"{BASIC}.extnValue.0", EditKind.NULL_AFTER, 0, "04023000", "040430000500"),
        (f"{BASIC}.extnValue.0", EditKind.LENGTHENED, 0, "04023000", "0403300100"),
        (f"{BASIC}.extnValue.0", EditKind.RETAGGED, 0, "04023000", "04020c00"),
        (f"{BASIC}.extnValue.0", EditKind.FORM, 0, "04023000", "04021000"),
        (f"{BASIC}.extnValue.0", EditKind.LONG_TAG, 0, "04023000", "04033f1000"),
        (f"{BASIC}.extnValue.0", EditKind.LONG_LENGTH, 0, "04023000", "040430820000"),
        (f"{BASIC}.extnValue.0", EditKind.WRONG_LENGTH, 0, "04023000", "04023001"),
        (f"{BASIC}.extnValue.0", EditKind.INDEFINITE, 0, "04023000", "040430800000"),
        (f"{BASIC}.extnValue.0", EditKind.NESTED, 0, "04023000", "040430023000"),
        (f"{BASIC}.extnValue.0", EditKind.FOLLOWED, 0, "04023000", "0403300000"),
        (f"{BASIC}.extnValue.0", EditKind.REPEATED, 0, "04023000", "0406" + "3000" * 3),
        (f"{BASIC}.extnValue", EditKind.EMPTIED, 0, "04023000", "0400"),
        (f"{BASIC}.extnValue", EditKind.SHORTENED, 0, "04023000", "040130"),
        (f"{BASIC}.extnValue", EditKind.IN_PIECES, 0, "04023000", "240404023000"),
        (f"{BASIC}.extnValue", EditKind.LEFT_OUT, 0, "0603551d13", "0603551d13"),
        ("tbsCertificate.version.0", EditKind.PADDED, 0, "a003020102", "a00402020002"),
        ("tbsCertificate.version.0", EditKind.FLIPPED, 0, "a003020102", "a003020103"),
        ("tbsCertificate.version.0", EditKind.ODD_VALUE, 0, "a003020102", "a003020100"),
    ],
)
def test_a_kind_of_edit(
    place: str, kind: EditKind, number: int, before: str, after: str
) -> None:
    """Each does what its name says to one element, and all lengths around it fit."""
    found = leaf(place, kind, number)
    assert bytes.fromhex(before) in WHOLE
    assert bytes.fromhex(after) in found
    assert found != WHOLE
    assert int.from_bytes(found[2:4], "big") == len(found) - 4


def test_elements_change_places() -> None:
    """Swapped with the next, all backwards, or taken from another item."""
    validity = places(parsed(WHOLE))["tbsCertificate.validity"]
    assert validity.children is not None
    earlier, later = map(written, validity.children)
    for place, kind in (
        ("tbsCertificate.validity.notBefore", EditKind.SWAPPED),
        ("tbsCertificate.validity", EditKind.BACKWARDS),
    ):
        assert later + earlier in leaf(place, kind)
    above = read(edited()).peer[1]
    found = read(Case((leaf(SERIAL, EditKind.GRAFTED),), ())).peer[0]
    assert found.serial == above.serial


def test_what_is_not_there_is_not_edited() -> None:
    """An edit of another item's place, or of none of the items, does nothing."""
    assert edited(
        EditSpec("leaf", "tbsCertList", EditKind.LEFT_OUT),
        EditSpec("nobody", SERIAL, EditKind.LEFT_OUT),
        EditSpec("leaf", SERIAL, EditKind.GRAFTED, other="nobody"),
    ) == issue(PLAIN, seed=SEED, now=NOW)


def test_several_edits_find_their_places() -> None:
    """What one edit moves, the next still finds, and what one leaves out is gone."""
    first = EditSpec("leaf", f"{BASIC}.critical", EditKind.LEFT_OUT)
    second = EditSpec("leaf", f"{BASIC}.extnValue.0", EditKind.NULLED)
    assert bytes.fromhex("0603551d1304020500") in edited(first, second).peer[0]
    gone = EditSpec("leaf", BASIC, EditKind.LEFT_OUT)
    assert edited(gone, second).peer == edited(gone).peer
    sealed = EditSpec("leaf", "signatureValue.0.0", EditKind.PADDED, signed=False)
    assert edited(gone, sealed).peer[0] != edited(gone).peer[0]


def test_every_applicable_edit_changes_something() -> None:
    """Whatever may be done to an element of a leaf or a CRL changes its octets."""
    pki = issue_all(PLAIN, seed=SEED, now=NOW)
    labels = {"leaf": pki.certificates["leaf"], "crl": pki.crls["crl"]}
    other = places(parsed(pki.certificates["intermediate-1"]))
    tried = set()
    for label, whole in labels.items():
        at = places(parsed(whole))
        for place in at:
            for kind in applicable(place, at, [other]):
                edit = EditSpec(label, place, kind, 0, "intermediate-1", signed=False)
                after = issue_all(replace(PLAIN, edits=(edit,)), seed=SEED, now=NOW)
                found = after.crls[label] if label == "crl" else after.case.peer[0]
                assert found != whole, edit
                tried.add(kind)
    assert tried == set(EditKind)


def test_loosely_read_certificates_are_what_openssl_writes() -> None:
    """What is unreadable keeps the fingerprint and the key that OpenSSL's own copy
    has, and signatures are found good or bad by its octets."""
    for kind, place in (
        (EditKind.INDEFINITE, BASIC),
        (EditKind.LONG_TAG, f"{BASIC}.extnValue"),
        (EditKind.INDEFINITE, ""),
        (EditKind.LONG_LENGTH, "signatureAlgorithm"),
        (EditKind.IN_PIECES, "signatureValue"),
    ):
        for signed, wanted in ((True, Signature.GOOD), (False, Signature.BAD)):
            edits = [EditSpec("leaf", place, kind)]
            if not signed:
                edits += [EditSpec("leaf", SERIAL, EditKind.FLIPPED, signed=False)]
            case = edited(*edits)
            facts = read(case)
            (unread,) = facts.unreadable
            assert unread.loosely is not None, (kind, place)
            assert unread.loosely.key is not None
            above = facts.peer[0]
            assert above.key is not None
            pair = f"{unread.loosely.fingerprint}:{above.key.fingerprint}"
            assert facts.signatures[pair] is wanted
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(cadata=case.peer[0])
