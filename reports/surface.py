"""``reproduce.py`` for findings about the surface of ``ssl``: no peer, a few lines.

Each sentence about the surface has its question: lines that set ``seen``, and whether
the sentence ``held``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from harness.finding import Diverges, Finding, How
from harness.flags import DOCUMENTED
from harness.oracle.documents.sentences import SENTENCES

_NAMES: Final = {f"VERIFY_{name}": bits for name, bits in DOCUMENTED.items()}
_CONTEXTS: Final = (
    "made = [ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)]",
    "made += [ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()]",
    "seen = [hex(context.verify_flags) for context in made]",
)
_FIRST_PYTHON: Final = (3, 6)
_NEW_IN_3_10: Final = ("VERIFY_ALLOW_PROXY_CERTS", "VERIFY_X509_PARTIAL_CHAIN")

_LATER: Final = {name: _NAMES[name] for name in _NEW_IN_3_10}
_FIRST: Final = {name: bits for name, bits in _NAMES.items() if name not in _LATER}


def _known(expression: str) -> tuple[str, ...]:
    """Lines about every constant that the page of this Python has."""
    return (
        'members = getattr(getattr(ssl, "VerifyFlags", None), "__members__", {})',
        f"known = {_FIRST!r}",
        "if sys.version_info >= (3, 10):",
        f"    known.update({_LATER!r})",
        f"seen = {expression}",
    )


def _purpose(name: str) -> tuple[tuple[str, ...], str]:
    lines = (
        f"context = ssl.create_default_context(ssl.Purpose.{name})",
        "seen = hex(context.verify_flags)",
    )
    return lines, "context.verify_flags & 0x80020 == 0x80020"


def _loading(arguments: str) -> tuple[tuple[str, ...], str]:
    lines = (
        "context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)",
        f"context.load_verify_locations({arguments})",
        "seen = context.cert_store_stats()",
    )
    return lines, 'seen["crl"] == 1'


QUESTIONS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "VerifyFlags/members": (
        _known("[name for name in known if name not in members]"),
        "not seen",
    ),
    "VerifyFlags/constants": (
        _known("[n for n in known if getattr(ssl, n, 0) != members.get(n)]"),
        "not seen",
    ),
    "VerifyFlags/int-flag": (
        ("import enum", 'seen = getattr(ssl, "VerifyFlags", int).__mro__'),
        "enum.IntFlag in seen",
    ),
    "VerifyFlags/values": (
        _known("{name: int(getattr(ssl, name)) for name in known}"),
        "seen == known",
    ),
    "CRL_CHECK_CHAIN/contains-leaf": (
        ("seen = ssl.VERIFY_CRL_CHECK_CHAIN & ssl.VERIFY_CRL_CHECK_LEAF",),
        "seen == ssl.VERIFY_CRL_CHECK_LEAF",
    ),
    "verify_flags/reads-back": (
        (
            "context, seen = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), {}",
            f"for bits in {[0, *sorted(_NAMES.values())]}:",
            "    context.verify_flags = bits",
            "    seen[bits] = int(context.verify_flags)",
        ),
        "all(bits == back for bits, back in seen.items())",
    ),
    "VERIFY_DEFAULT/no-crl-flag": (
        _CONTEXTS,
        "not any(context.verify_flags & 0xc for context in made)",
    ),
    "X509_TRUSTED_FIRST/default": (
        _CONTEXTS,
        "all(context.verify_flags & 0x8000 for context in made)",
    ),
    "verify_flags/default": (
        (*_CONTEXTS, "strict = 0x80020 if sys.version_info >= (3, 13) else 0"),
        (
            "not any(context.verify_flags & ~0x8000 for context in made[:2])"
            " and not made[2].verify_flags & ~(0x8000 | strict)"
        ),
    ),
    "PROTOCOL_TLS/deprecated": (
        (
            "import warnings",
            "with warnings.catch_warnings(record=True) as seen:",
            '    warnings.simplefilter("always")',
            "    ssl.SSLContext(ssl.PROTOCOL_TLS)",
        ),
        "any(item.category is DeprecationWarning for item in seen)",
    ),
    "PROTOCOL_TLS_CLIENT/verifies": (
        (
            "context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)",
            "seen = context.verify_mode, context.check_hostname",
        ),
        "seen == (ssl.CERT_REQUIRED, True)",
    ),
    "create_default_context/server-auth": _purpose("SERVER_AUTH"),
    "create_default_context/client-auth": _purpose("CLIENT_AUTH"),
    "load_verify_locations/crl": _loading('"both.pem"'),
    "load_verify_locations/cadata-crl": _loading('cadata=open("both.pem").read()'),
}
"""By sentence: the lines, and the expression that is true where it holds."""

BOTH: Final = "both.pem"
"""A trusted certificate and a CRL, for the questions that load."""


def needs_files(finding: Finding) -> bool:
    """Whether the script reads ``both.pem``."""
    lines, _ = QUESTIONS.get(getattr(finding, "sentence", ""), ((), ""))
    return any(BOTH in line for line in lines)


def script(finding: Finding, module: str) -> str | None:
    """The script, or None where a sentence about the surface has no short question."""
    if not isinstance(finding, Diverges) or finding.how is not How.SURFACE:
        return None
    question = QUESTIONS.get(finding.sentence)
    if question is None:
        return None
    return "\n".join(_script(finding, module, *question)) + "\n"


def _script(
    finding: Diverges, module: str, lines: tuple[str, ...], held: str
) -> Iterator[str]:
    yield f'"""{re.sub(r"[^A-Za-z0-9_/.-]", "", finding.sentence)} does not hold.'
    yield ""
    yield "Exit status: 0 so it is in this Python, 1 it holds, 2 it cannot tell."
    yield '"""'
    yield "import os"
    yield "import sys"
    yield ""
    yield "os.chdir(os.path.dirname(os.path.abspath(__file__)))"
    yield "try:"
    yield f"    import {'ssl' if module == 'ssl' else f'{module} as ssl'}"
    yield from (f"    {line}" for line in lines)
    since = SENTENCES[finding.sentence].since
    yield f"    held = {held}"
    if since > _FIRST_PYTHON:  # nothing is promised before
        yield f"    held = held or sys.version_info < {since}"
    yield "except Exception as error:"
    yield '    print("Cannot tell: %r" % error)'
    yield "    sys.exit(2)"
    yield 'print("Python %s, %s" % (sys.version.split()[0], ssl.OPENSSL_VERSION))'
    yield f"print({f'expected: {finding.expected}'!r})"
    yield f"print({f'reported: {finding.observed}'!r})"
    yield 'print("now: %s" % (seen,))'
    yield 'print("It holds." if held else "It does not hold.")'
    yield "sys.exit(1 if held else 0)"
