"""Text from anywhere, made safe to show: control and odd characters are escaped."""

import re
from typing import Final

_MARKDOWN: Final = frozenset("\\`*_{}[]<>#!|~&$:@")
"""Every character that Markdown or HTML in it could take for markup or for a link,
within a line. What is markup at the start of one alone never stands there."""


_ADDRESS: Final = re.compile(r"https://[\w.~/?#@!$&*+,;=%:-]{1,300}", re.ASCII)
LONG: Final = 300
"""How long a sentence from outside may be."""


def printable(text: str) -> str:
    """The text on one line, what cannot be printed as backslash escapes."""
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "backslashreplace").decode("ascii")
        if not "\ud800" <= character <= "\udfff"
        else f"\\u{ord(character):04x}"
        for character in text
    )


def markdown(text: str) -> str:
    """The text on one line with everything escaped that Markdown reads as markup."""
    escaped = "".join(
        f"\\{character}" if character in _MARKDOWN else character
        for character in printable(text)
    )
    return escaped.replace("www.", "www\\.")


def clipped(text: str, most: int) -> str:
    """The text as ``printable`` has it, its middle left out where it is longer than
    ``most`` characters: both its ends tell it from others."""
    # What is cut away is not made printable first: names may be megabytes long.
    if len(text) > most:
        half = max((most - 1) // 2, 1)
        text = f"{text[:half]}\N{HORIZONTAL ELLIPSIS}{text[-half:]}"
    safe = printable(text)
    return safe if len(safe) <= most + 1 else clipped(safe, most)


def title(text: str) -> str:
    """A name as it is told: of a target, a check, an entry."""
    return clipped(text, 80)


def link(address: str) -> str:
    """The address if it is a plain one of a page on the web; empty for any other, which
    may be a script, or end the markup it stands in."""
    return address if _ADDRESS.fullmatch(address) else ""
