"""Faults of reading and comparing dates."""

from typing import Final

from harness.kernel.fault import Area, Fault

_TIME: Final = "crypto/asn1/a_time.c"
_VFY: Final = "crypto/x509/x509_vfy.c"

TIMES: Final = (
    Fault(
        "less-than-a-day-is-over",
        Area.EXTENSIONS,
        _VFY,
        "X509_cmp_time",
        "ret = (day >= 0 && sec >= 0) ? -1 : 1;",
        "ret = day >= 0 ? -1 : 1;",
        "what ends within a day has ended",
    ),
    Fault(
        "utc-years-from-70",
        Area.EXTENSIONS,
        _TIME,
        "ossl_asn1_time_to_tm",
        "n < 50 ? n + 100 : n",
        "n < 70 ? n + 100 : n",
        "UTCTime 50 to 69 is after 2050",
    ),
    Fault(
        "leap-day-unknown",
        Area.EXTENSIONS,
        _TIME,
        "ossl_asn1_time_to_tm",
        "mdays[1] + leap_year(tmp.tm_year + 1900)",
        "mdays[1]",
        "February has 28 days",
    ),
)
