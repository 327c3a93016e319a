"""What the oracle says: each answer names its book and the rule of it.

*Verdict* is the oracle's answer; the result of comparing it with an outcome is a
*finding* (``harness.finding``).
"""

from dataclasses import dataclass
from typing import Final, assert_never

from harness.codes import code_name
from harness.outcome import (
    BY_A_PATH,
    Accepted,
    Breakage,
    Broken,
    Outcome,
    Path,
    Rejected,
    Undecodable,
    Unsupported,
    Where,
)


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason to reject: the rule, its ``X509_V_ERR_*`` number and error depth."""

    rule: str
    code: int
    depth: int


@dataclass(frozen=True, slots=True)
class WillAccept:
    """The release accepts, by this path. ``rules`` are those that let it pass."""

    path: Path
    rules: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """What a target that does so shows."""
        return Accepted(self.path)


@dataclass(frozen=True, slots=True)
class WillReject:
    """The release rejects. The first objection is the one shown (no callback)."""

    path: Path
    objections: tuple[Objection, ...]
    rules: tuple[str, ...] = ()
    firm: int | None = None
    """How many of the objections, from the first on, come just so where a verify
    callback lets each of them pass; None: all of them, and then no more."""

    @property
    def shown(self) -> Objection:
        """The objection OpenSSL reports: its code is Python's ``verify_code``."""
        return self.objections[0]

    @property
    def outcome(self) -> Outcome:
        """What a target that does so shows."""
        return Rejected(self.shown.code, path=self.path)


@dataclass(frozen=True, slots=True)
class WillNotDecode:
    """The release refuses the bytes before it verifies anything."""

    where: Where

    @property
    def outcome(self) -> Outcome:
        """What a target that does so shows."""
        return Undecodable(self.where)


@dataclass(frozen=True, slots=True)
class WillCrash:
    """The release ends the process on the way, by this rule."""

    rule: str

    @property
    def outcome(self) -> Outcome:
        """The outcome of a target that does as predicted."""
        return Broken(Breakage.CRASH)


@dataclass(frozen=True, slots=True)
class Unmodelled:
    """The releases book makes no statement about these bytes, and why."""

    why: str

    @property
    def outcome(self) -> Outcome:
        """Nothing: no target is known."""
        return Unsupported(self.why)


NO_OPENSSL: Final = Unmodelled("no release of OpenSSL")
"""The releases book's answer about a target that is no OpenSSL."""

Prediction = WillAccept | WillReject | WillNotDecode | WillCrash | Unmodelled
"""The releases book's answer: what this release does with the case."""


@dataclass(frozen=True, slots=True)
class MustAccept:
    """The documents promise acceptance: every candidate path is plain."""

    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MustReject:
    """The documents promise rejection, for one of these reasons.

    ``sentences`` promise it; ``codes`` are the ``X509_V_ERR_*`` numbers that may carry
    the objections.
    """

    sentences: tuple[str, ...]
    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Silent:
    """The documents promise nothing here."""

    why: str = ""


Promise = MustAccept | MustReject | Silent
"""The documents book's answer by its point rules."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both books' answers about one case under one flag set."""

    predicted: Prediction
    promised: Promise
    release: str = ""
    """The OpenSSL release judged by; codes are named as it names them."""


def rule_of(predicted: Prediction) -> str:
    """The rule that a prediction rests on."""
    match predicted:
        case WillReject():
            return predicted.shown.rule
        case WillAccept(_, rules):
            return rules[-1] if rules else "accept"
        case WillNotDecode(where):
            return f"decode.{where.value}"
        case WillCrash(rule):
            return rule
        case Unmodelled():
            return ""
        case _:
            assert_never(predicted)


def said(
    predicted: Prediction, *, telling: str | None = None, release: str = ""
) -> str:
    """A prediction in words, ``telling`` the length of its ``path`` or its error
    ``depth`` besides; codes are named as that release names them."""
    match predicted:
        case WillAccept(certificates):
            told = f"{BY_A_PATH}{len(certificates)}" if telling == "path" else ""
            return "accepted" + told
        case WillReject(certificates):
            told = f"{BY_A_PATH}{len(certificates)}" if telling == "path" else ""
            place = predicted.shown.depth if telling == "depth" else None
            name = code_name(predicted.shown.code, release, depth=place)
            return f"rejected {name}{told}"
        case WillNotDecode(where):
            return f"undecodable ({where.value})"
        case WillCrash():
            return "crash"
        case Unmodelled():
            return "not modelled"
        case _:
            assert_never(predicted)
