"""Branches of the oracle that no random case can take through ``ssl``, and why not.

Each is named by file, function and source text, never by line: a change elsewhere in
the file leaves the reason where it is, and one of the line itself makes it stale.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a branch is not taken. ``goal`` is the text of the line it goes to (``the
    end`` where it leaves the function); with none, every branch of the line is meant.
    """

    file: str
    function: str
    source: str
    why: str
    goal: str = ""

    def fits(self, file: str, function: str, source: str, goal: str) -> bool:
        """Whether it speaks of this branch."""
        return (self.file, self.function, self.source) == (
            file,
            function,
            source,
        ) and self.goal in ("", goal)


_ALL_THERE_IS: Final = "the cases before it and this one are all there are"
_SUBDOMAINS: Final = "ssl refuses a server_hostname that begins with a dot"

REASONS: Final[tuple[Reason, ...]] = (
    Reason(
        "documents/examined.py",
        "Examined._examine",
        "if self.facts.role is Role.SERVER:",
        "ssl refuses a server_hostname on the server's side",
        'yield Remark("a reference name for a client", ANY)',
    ),
    Reason(
        "releases/building.py",
        "build",
        "for _ in range(2 * MAXIMUM_DEPTH + 8):",
        "the bound is never met: each turn lengthens the path, which ends before it,"
        " ends a search, or leaves",
        "if trust is Trust.UNTRUSTED and untrusted == len(path) <= MAXIMUM_DEPTH + 1:",
    ),
    Reason(
        "releases/building.py",
        "_objection",
        "case Trust.UNTRUSTED:",
        _ALL_THERE_IS,
        "if len(path) > MAXIMUM_DEPTH + 1:",
    ),
    Reason(
        "releases/extensions.py", "_is_ca", "case Issuer.CA:", _ALL_THERE_IS, "the end"
    ),
    Reason(
        "releases/identity.py",
        "matches",
        "if subdomains and len(pattern) > len(host):",
        _SUBDOMAINS,
        "prefix = pattern[: len(pattern) - len(host)]",
    ),
    Reason("releases/identity.py", "matches", "if 0 not in prefix:", _SUBDOMAINS),
    Reason(
        "releases/judge.py",
        "Judge._predict",
        "if not self._peer:",
        "OpenSSL ends a handshake without a certificate before it verifies anything",
        'return Unmodelled("no certificate presented")',
    ),
    Reason(
        "releases/release.py",
        "_parts",
        "if not 2 <= len(numbers) <= 3 or (letter and len(numbers) == 2):",
        "a mistake in the tables of behaviours, not in a case",
        'raise ValueError(f"{text!r} is no OpenSSL release")',
    ),
    Reason(
        "releases/revocation.py",
        "_check_certificate",
        "for _ in range(len(named) + 2):",
        "the bound is never met: each turn covers a reason more, or leaves",
        "the end",
    ),
    Reason(
        "releases/revocation.py",
        "_check_crl",
        "case Signature.UNKNOWN:",
        _ALL_THERE_IS,
        "the end",
    ),
    Reason(
        "releases/signing.py",
        "_verifies",
        "case Signature.UNKNOWN:",
        _ALL_THERE_IS,
        "the end",
    ),
)
"""Every branch that is excused."""
