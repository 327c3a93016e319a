"""Names against name constraints (``NAME_CONSTRAINTS_check``)."""

from typing import Final

import pytest

from harness.facts import Certificate, NameKind
from harness.oracle.releases.constraints import check, check_common_names
from harness.oracle.releases.stage import UnmodelledError
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import (
    AttributeSpec,
    Entity,
    GeneralNameSpec,
    NameConstraintsSpec,
    NameSpec,
    Scenario,
    StringType,
    SubtreeSpec,
    ca,
    end_entity,
)
from tests.oracle.releases.rows import (
    INT,
    LEAF,
    NOW,
    RELEASE,
    ROOT,
    Row,
    chain,
    leaf,
    middle,
    told,
    top,
)

OK: Final = 0
PERMITTED: Final = 47
EXCLUDED: Final = 48
MINMAX: Final = 49
TYPE: Final = 51
SYNTAX: Final = 53

DNS: Final = GeneralNameSpec.dns
URI: Final = GeneralNameSpec.uri
DIR: Final = GeneralNameSpec.dir
PLAIN_CN: Final = NameSpec.cn("Some Body")


def email(value: str) -> GeneralNameSpec:
    """An rfc822Name."""
    return GeneralNameSpec(NameKind.EMAIL, value)


def address(value: str) -> GeneralNameSpec:
    """An iPAddress, with a prefix length in constraints."""
    return GeneralNameSpec(NameKind.IP, value)


def permits(*bases: GeneralNameSpec) -> NameConstraintsSpec:
    """Constraints that permit these."""
    return NameConstraintsSpec(permitted=tuple(map(SubtreeSpec, bases)))


def excludes(*bases: GeneralNameSpec) -> NameConstraintsSpec:
    """Constraints that exclude these."""
    return NameConstraintsSpec(excluded=tuple(map(SubtreeSpec, bases)))


def facts(
    names: tuple[GeneralNameSpec, ...],
    constraints: NameConstraintsSpec,
    subject: NameSpec = PLAIN_CN,
) -> tuple[Certificate, Certificate]:
    """A leaf of these names, and a CA of these constraints."""
    certificates = (
        end_entity(
            "leaf",
            Entity(subject, LEAF.key),
            ROOT,
            subject_alt_name=names or None,
        ),
        ca("root", ROOT, ROOT, name_constraints=constraints),
    )
    case = issue(Scenario(certificates, peer=("leaf", "root")), seed=1, now=NOW)
    below, above = read(case).peer
    return below, above


def answer(
    names: tuple[GeneralNameSpec, ...],
    constraints: NameConstraintsSpec,
    subject: NameSpec = PLAIN_CN,
) -> int:
    """The code of a leaf of these names under these constraints."""
    below, above = facts(names, constraints, subject)
    assert above.name_constraints is not None
    return check(below, above.name_constraints, RELEASE)  # type: ignore[arg-type]


KINDS: Final = (
    (DNS("a.example"), DNS("example"), True),
    (DNS("example"), DNS("example"), True),
    (DNS("A.EXAMPLE"), DNS("example"), True),
    (DNS("aexample"), DNS("example"), False),
    (DNS("a.example"), DNS(".example"), True),
    (DNS("example"), DNS(".example"), False),
    (DNS("a.example"), DNS(""), True),
    (DNS("a.example"), DNS("b.example"), False),
    (email("a@b.example"), email("b.example"), True),
    (email("a@B.Example"), email("b.example"), True),
    (email("a@c.b.example"), email("b.example"), False),
    (email("a@c.b.example"), email(".b.example"), True),
    (email("a@b.example"), email(".b.example"), False),
    (email("a@b.example"), email("a@b.example"), True),
    (email("A@b.example"), email("a@b.example"), False),
    (email("a@b.example"), email("@b.example"), True),
    (email("aa@b.example"), email("a@b.example"), False),
    (URI("http://a.example/x"), URI("a.example"), True),
    (URI("http://a.example:8/x"), URI("a.example"), True),
    (URI("http://b.a.example"), URI("a.example"), False),
    (URI("http://b.a.example"), URI(".a.example"), True),
    (URI("http://a.example"), URI(".a.example"), False),
    (address("10.1.2.3"), address("10.0.0.0/8"), True),
    (address("11.1.2.3"), address("10.0.0.0/8"), False),
    (address("::1"), address("::/0"), True),
    (address("::1"), address("10.0.0.0/8"), False),
    (DIR(NameSpec.cn("A").plus("B")), DIR(NameSpec.cn("a")), True),
    (DIR(NameSpec.cn("B").plus("A")), DIR(NameSpec.cn("a")), False),
    (DIR(NameSpec.cn("Ab")), DIR(NameSpec.cn("a")), False),
)


@pytest.mark.parametrize(("name", "base", "inside"), KINDS)
def test_name_and_subtree(
    name: GeneralNameSpec, base: GeneralNameSpec, inside: bool
) -> None:
    """A name inside a subtree is what is permitted, and what is excluded."""
    # A directoryName constrains the subject as well, so that it is left out.
    subject = NameSpec() if name.kind is NameKind.DIRECTORY else PLAIN_CN
    permitted = answer((name,), permits(base), subject)
    excluded = answer((name,), excludes(base), subject)
    assert (permitted, excluded) == ((OK, EXCLUDED) if inside else (PERMITTED, OK))


ANSWERS: Final = (
    ("other kinds are free", (DNS("a.example"),), permits(email("b.example")), OK),
    (
        "one permitted is enough",
        (DNS("a.example"),),
        permits(DNS("b"), DNS("example")),
        OK,
    ),
    (
        "excluded beats permitted",
        (DNS("a.example"),),
        NameConstraintsSpec(
            (SubtreeSpec(DNS("example")),), (SubtreeSpec(DNS("a.example")),)
        ),
        EXCLUDED,
    ),
    (
        "every name is checked",
        (DNS("a.example"), DNS("b.other")),
        permits(DNS("example")),
        PERMITTED,
    ),
    (
        "minimum",
        (DNS("a.example"),),
        NameConstraintsSpec((SubtreeSpec(DNS("example"), minimum=1),)),
        MINMAX,
    ),
    (
        "maximum",
        (DNS("a.example"),),
        NameConstraintsSpec(excluded=(SubtreeSpec(DNS("b"), maximum=3),)),
        MINMAX,
    ),
    (
        "minimum of another kind",
        (DNS("a.example"),),
        NameConstraintsSpec((SubtreeSpec(email("b.example"), minimum=1),)),
        OK,
    ),
    ("mail without an at", (email("nobody"),), permits(email("b.example")), SYNTAX),
    ("address without a host", (URI("urn:a"),), permits(URI("b.example")), SYNTAX),
    ("address of no host", (URI("http:///x"),), permits(URI("b.example")), SYNTAX),
    (
        "address of odd length",
        (GeneralNameSpec(NameKind.IP, raw=b"\1\2\3"),),
        permits(address("10.0.0.0/8")),
        SYNTAX,
    ),
    (
        "registered identifier",
        (GeneralNameSpec(NameKind.REGISTERED_ID, "1.2.3"),),
        permits(GeneralNameSpec(NameKind.REGISTERED_ID, "1.2.3")),
        TYPE,
    ),
    ("subject is a directory name", (), permits(DIR(NameSpec.cn("X"))), PERMITTED),
    ("subject inside", (), permits(DIR(PLAIN_CN)), OK),
    ("subject excluded", (), excludes(DIR(PLAIN_CN)), EXCLUDED),
)


@pytest.mark.parametrize(
    ("names", "constraints", "code"),
    [row[1:] for row in ANSWERS],
    ids=[row[0] for row in ANSWERS],
)
def test_constraints_answer(
    names: tuple[GeneralNameSpec, ...], constraints: NameConstraintsSpec, code: int
) -> None:
    """The code of the first name that does not fit is the answer."""
    assert answer(names, constraints) == code


def addressed(string: StringType) -> NameSpec:
    """A subject with an e-mail address of that string type."""
    return NameSpec(((AttributeSpec("a@b.example", "E", string),),))


@pytest.mark.parametrize(
    ("string", "base", "code"),
    [
        (StringType.IA5, "b.example", OK),
        (StringType.IA5, "c.example", PERMITTED),
        (StringType.UTF8, "b.example", SYNTAX),
    ],
)
def test_address_in_subject(string: StringType, base: str, code: int) -> None:
    """An e-mail address of the subject is constrained, and must be an IA5String."""
    assert answer((), permits(email(base)), addressed(string)) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.example", OK),
        ("a.other", PERMITTED),
        ("Some Body", OK),
        ("other", OK),
        ("a.other.", OK),
        ("-a.other", OK),
        ("a-.other", OK),
        ("a..other", OK),
        ("a_b.other", PERMITTED),
    ],
)
def test_common_name_like_a_host(name: str, code: int) -> None:
    """A commonName is constrained where it looks like a host name."""
    below, above = facts((), permits(DNS("example")), NameSpec.cn(name))
    constraints = above.name_constraints
    found = check_common_names(below, constraints, RELEASE)  # type: ignore[arg-type]
    assert found == code


def test_common_name_that_is_no_text() -> None:
    """It ends the verification with an error of no name (1)."""
    subject = NameSpec(((AttributeSpec("", raw=b"\x03\x03\x00AB"),),))
    row = Row(
        "no text",
        "1@0",
        chain(
            top(name_constraints=permits(DNS("example"))),
            end_entity("leaf", Entity(subject, "p256-2"), INT, subject_alt_name=None),
        ),
    )
    assert told(row) == ("1@0", None)


def test_international_mail_is_not_modelled() -> None:
    """Where SmtpUTF8Mailbox decides, the book makes no statement."""
    name = GeneralNameSpec(NameKind.OTHER, "1.3.6.1.5.5.7.8.9:a@b.example")
    with pytest.raises(UnmodelledError):
        answer((name,), permits(email("b.example")))


ROLLED: Final = Entity(INT.name, "p256-7")
ELSEWHERE: Final = permits(DNS("elsewhere.example"))
ROWS: Final = (
    Row(
        "reject constraint of root",
        "47@0",
        chain(ca("root", ROOT, ROOT, name_constraints=ELSEWHERE)),
    ),
    Row(
        "accept constraint common name beside a DNS name",
        "ok",
        chain(
            leaf(subject_alt_name=(DNS("a.elsewhere.example"),)),
            middle(name_constraints=ELSEWHERE),
        ),
    ),
    Row(
        "reject constraint common name alone",
        "47@0",
        chain(leaf(subject_alt_name=None), middle(name_constraints=ELSEWHERE)),
    ),
    Row(
        "accept constraint on self-issued intermediate",
        "ok",
        chain(
            ca("int", INT, ROLLED),
            ca("old-int", ROLLED, ROOT, name_constraints=excludes(DIR(INT.name))),
            peer="leaf int old-int",
        ),
    ),
    Row(
        "reject constraint on intermediate",
        "47@1",
        chain(ca("root", ROOT, ROOT, name_constraints=permits(DIR(NameSpec.cn("X"))))),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_constraint_row(row: Row) -> None:
    """Constraints bind every certificate below them, from the anchor down."""
    assert told(row) == (row.said, row.path)
