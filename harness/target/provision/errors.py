"""What can go wrong while a target is made, in words that say what to do."""

import errno
from typing import Final

FULL: Final = (
    "the disk or the quota is full: free some space, or set VERIFYFLAGS_CACHE to a "
    "folder elsewhere; what is downloaded already is kept"
)
UNREACHABLE: Final = (
    "cannot be reached: look at the network, and at how {client} is configured here; "
    "add it again then, what is downloaded already is kept"
)
GONE: Final = "is not there any more: {client} was told so by its registry"
CORRUPT: Final = (
    "has not the checksum that its registry gives: thrown away; add it again, and if "
    "it stays so, do not trust what stands between here and the registry"
)
UNVERIFIED: Final = (
    "is not signed by a key that this machine's apt trusts: nothing of it was taken; "
    "install a newer debian-archive-keyring"
)


_LONGEST: Final = 240
"""Characters of a client's line that are told."""


class ProvisionError(Exception):
    """A target that could not be made; the message says why and what to do."""


# What the clients say, in lower case, in the order of looking: pip says that it found
# nothing where it was only cut off, and apt that it failed to fetch whatever it was.
_SIGNS: Final = (
    (
        FULL,
        """no space left on device|disk quota exceeded|enough free space in""",
    ),
    (
        CORRUPT,
        """do not match the hashes|hash mismatch|hash sum mismatch|unexpected size
        |expected sha256""",
    ),
    (
        UNVERIFIED,
        """no_pubkey|is not signed|expkeysig|badsig|errsig|signatures were invalid
        |signature verification failed|signatures couldn't be verified
        |cannot be authenticated""",
    ),
    (
        UNREACHABLE,
        """retrying (retry|temporary failure|could not resolve|timed out
        |could not connect|connection failed|connection refused|unable to connect
        |network is unreachable|cannot initiate|max retries exceeded
        |failed to establish|name or service not known|no route to host
        |connection reset|proxyerror|503 service|502 bad gateway""",
    ),
    (
        GONE,
        """404|no matching distribution|could not find a version
        |unable to locate package|unable to find a source package
        |has no installation candidate|does not have a release file
        |can't find a source|no packages found""",
    ),
)


def said_by(client: str, what: str, output: str) -> ProvisionError:
    """The error that a client's own words amount to, about ``what`` it was to fetch."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for meaning, signs in _SIGNS:
        for sign in map(str.strip, signs.split("|")):
            for line in lines:
                if sign in line.lower():
                    told = f"{what}: {meaning.format(client=client)}"
                    return ProvisionError(f"{told} ({client}: {line[:_LONGEST]})")
    return ProvisionError(f"{what}: {client} failed: {_telling(lines)}")


def _telling(lines: list[str]) -> str:
    """The line of a client's output that says most: its first error, or its last."""
    for start in ("E:", "ERROR:", "Err:", "W:", "WARNING:"):
        for line in lines:
            if line.startswith(start):
                return line[:_LONGEST]
    return lines[-1][:_LONGEST] if lines else "it said nothing"


def of_system(error: OSError, what: str) -> ProvisionError:
    """The error that the operating system's amounts to."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ProvisionError(f"{what}: {FULL}")
    return ProvisionError(f"{what}: {error}")
