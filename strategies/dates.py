"""Departures in when a certificate is valid."""

from typing import Final

from harness.pki.spec import DAY, HOUR, YEAR
from strategies.departures import Departure, Stage, departure, edit

DATES: Final[Departure] = departure(
    "validity",
    Stage.CERTIFICATE,
    {
        "expired a day ago": edit(not_after=-DAY),
        "expired years ago": edit(not_before=-5 * YEAR, not_after=-2 * YEAR),
        "expired hours ago": edit(not_after=-2 * HOUR),
        "valid in a day": edit(not_before=DAY),
        "valid in years": edit(not_before=2 * YEAR),
        # Later than any run lasts, so that the scenario's meaning stays.
        "valid in hours": edit(not_before=12 * HOUR),
        "ending before it begins": edit(not_before=-DAY, not_after=-2 * DAY),
        # Beyond 2049 and before 1950 a GeneralizedTime; in the fifties a UTCTime.
        "for a century": edit(not_before=-80 * YEAR, not_after=40 * YEAR),
        "since the fifties": edit(not_before=-70 * YEAR),
        "since a leap day": edit(from_leap_day=True),
        "valid in half a century": edit(not_before=40 * YEAR, not_after=41 * YEAR),
        "expired for a century": edit(not_before=-90 * YEAR, not_after=-80 * YEAR),
    },
    "paths",
    "proxies",
    more=1,
    under=("NO_CHECK_TIME",),
)
"""Every departure in it."""
