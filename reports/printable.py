"""Text from anywhere, made safe to show: control and odd characters are escaped."""

from typing import Final

_MARKDOWN: Final = frozenset("\\`*_{}[]<>#!|~&$:@")
"""Every character that Markdown or HTML in it could take for markup or for a link,
within a line. What is markup at the start of one alone never stands there."""


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
