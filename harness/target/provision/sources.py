"""Where the machine's own apt fetches Debian from, and by which keys it is signed.

Both forms are read: one line a source (``*.list``) and paragraphs (``*.sources``).
Source: sources.list(5).
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from harness.target.provision.errors import ProvisionError

ETC: Final = Path("/etc/apt")
KEYRING: Final = "/usr/share/keyrings/debian-archive-keyring.gpg"
MAIN: Final = "VERIFYFLAGS_DEBIAN_MIRROR"
SECURITY: Final = "VERIFYFLAGS_DEBIAN_SECURITY_MIRROR"

_DEBIAN: Final = re.compile(
    r"(buster|bullseye|bookworm|trixie|forky|duke|sid|oldoldstable|oldstable|stable|"
    r"testing|unstable|experimental)(/updates|-[a-z-]+)?"
)
_LINE: Final = re.compile(r"deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)")


@dataclass(frozen=True, slots=True)
class Source:
    """One address, one suite, and the keys by which it is to be signed."""

    uri: str
    suite: str
    components: tuple[str, ...]
    signed_by: str = ""


def read(etc: Path = ETC) -> Iterator[Source]:
    """Every source of binary packages that the machine's apt knows of."""
    lists = [etc / "sources.list", *sorted(etc.glob("sources.list.d/*.list"))]
    for path in lists:
        for line in _text(path).splitlines():
            if found := _LINE.match(line.strip()):
                options = dict(
                    option.split("=", 1)
                    for option in (found[1] or "").split()
                    if "=" in option
                )
                components = tuple(found[4].partition("#")[0].split())
                signed_by = options.get("signed-by", "")
                yield Source(found[2], found[3], components, signed_by)
    for path in sorted(etc.glob("sources.list.d/*.sources")):
        for paragraph in re.split(r"\n\s*\n", _text(path)):
            yield from _of_paragraph(paragraph)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _of_paragraph(paragraph: str) -> Iterator[Source]:
    fields: dict[str, str] = {}
    name = ""
    for line in paragraph.splitlines():
        if line.startswith("#"):
            continue
        if line[:1] in " \t":
            fields[name] = f"{fields.get(name, '')}\n{line.strip()}"
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    if "deb" not in fields.get("types", "").split():
        return
    if fields.get("enabled", "yes").lower() in ("no", "false", "0"):
        return
    keys = fields.get("signed-by", "")
    for uri in fields.get("uris", "").split():
        for suite in fields.get("suites", "").split():
            components = tuple(fields.get("components", "").split())
            yield Source(uri, suite, components, keys if keys.startswith("/") else "")


def mirror(
    *,
    security: bool = False,
    etc: Path = ETC,
    environment: Mapping[str, str] = os.environ,
) -> Source:
    """The Debian mirror of this machine, or its mirror of the security updates.

    The keys are those that its source names, or Debian's keyring; where it has
    neither, apt looks among all that it trusts. Raises ``ProvisionError``.
    """
    variable = SECURITY if security else MAIN
    keyring = KEYRING if Path(KEYRING).exists() else ""
    if uri := environment.get(variable):
        return Source(uri, "", ("main",), keyring)
    known = list(read(etc))
    for source in known:
        found = _DEBIAN.fullmatch(source.suite)
        if found is None or "main" not in source.components:
            continue
        is_security = found[2] in ("-security", "/updates")
        if is_security == security:
            return replace(source, signed_by=source.signed_by or keyring)
    there = ", ".join(sorted({source.suite for source in known})) or "none"
    what = "Debian's security updates" if security else "Debian"
    raise ProvisionError(
        f"the apt sources of this machine name no mirror of {what} (their suites: "
        f"{there}); name one in {variable}"
    )
