"""Saying things: answers on standard output, complaints on standard error."""

import sys


def say(text: str) -> None:
    """One line of an answer."""
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    """One line about what is wrong, or how far things are."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
