"""Names and key identifiers of one item against those of another.

Source: ``X509_check_akid`` and ``check_sig_alg_match`` (v3_purp.c),
``GENERAL_NAME_cmp`` (v3_genn.c).
"""

from harness.facts import AuthorityKeyId, Certificate, GeneralName, Name, NameKind
from harness.oracle.releases.release import Release


def directory_names(names: tuple[GeneralName, ...] | None) -> list[bytes]:
    """Canonical forms of the directoryNames among general names, in order."""
    return [
        name.name.canonical
        for name in names or ()
        if name.kind is NameKind.DIRECTORY and name.name is not None
    ]


def akid_matches(
    issuer: Certificate, key_id: bytes | None, authority: AuthorityKeyId | None
) -> bool:
    """``X509_check_akid``: the issuer fits an authority key identifier.

    ``key_id`` is the issuer's own subjectKeyIdentifier, compared only where both are
    there; of the issuer names only the first directoryName counts.
    """
    if authority is None:
        return True
    if (
        authority.key_id is not None
        and key_id is not None
        and authority.key_id != key_id
    ):
        return False
    if authority.serial is not None and authority.serial != issuer.serial:
        return False
    names = directory_names(authority.issuer)
    return not names or names[0] == issuer.issuer.canonical


def algorithm_matches(
    issuer: Certificate, subject: Certificate, release: Release
) -> bool:
    """``check_sig_alg_match``: the key's type fits the signature's algorithm."""
    if issuer.key is None:
        return False
    wanted = subject.inner_algorithm.key_algorithm
    if wanted is None:
        return False
    have = issuer.key.algorithm
    if have == "RSA-PSS" and wanted == "RSA":
        return "pss-key-passes-for-rsa" in release
    return have == wanted or (have == "RSA" and wanted == "RSA-PSS")


def same_general_name(one: GeneralName, other: GeneralName) -> bool:
    """``GENERAL_NAME_cmp``: equal choice and value; directory names by canon."""
    if one.kind is not other.kind:
        return False
    if one.kind is NameKind.DIRECTORY:
        return _canonical(one.name) == _canonical(other.name)
    return one.value == other.value and one.type_id == other.type_id


def _canonical(name: Name | None) -> bytes | None:
    return None if name is None else name.canonical
