"""Every field of a scenario's certificates and CRLs is seen again in the facts."""

from dataclasses import replace

from hypothesis import given, settings

from harness import facts
from harness.facts import Certificate, GeneralName, Malformed, Name, NameKind
from harness.pki import keys
from harness.pki.encode_extension import FOREIGN_KEY_ID
from harness.pki.identifiers import ATTRIBUTES, CRL_REASONS, PURPOSES
from harness.pki.spec import (
    AuthorityKeyIdSpec,
    BasicConstraintsSpec,
    CertificateSpec,
    CrlSpec,
    GeneralNameSpec,
    IssuingPointSpec,
    KeyId,
    NameSpec,
    PointSpec,
    RawExtension,
)
from tests.pki.plain import LEAF, NOW, ROOT, crl_facts_of, facts_of
from tests.pki.specs import REASONS, USAGE, certificates, crls

SEEDED = settings(derandomize=True, database=None, deadline=None, max_examples=150)


def text_of(name: Name) -> list[list[tuple[str, str | None]]]:
    """Types and texts of a name as read."""
    return [sorted((item.oid, item.text or "") for item in rdn) for rdn in name.rdns]


def text_asked(name: NameSpec) -> list[list[tuple[str, str]]]:
    """Types and texts of a name as asked for."""
    return [
        sorted((ATTRIBUTES.get(item.type, item.type), item.value) for item in rdn)
        for rdn in name.rdns
    ]


def same_general_name(found: GeneralName, asked: GeneralNameSpec) -> bool:
    """Whether a general name came back."""
    if found.kind is not asked.kind:
        return False
    if asked.directory is not None:
        return found.name is not None and text_of(found.name) == text_asked(
            asked.directory
        )
    if asked.kind in (NameKind.IP, NameKind.REGISTERED_ID):
        return bool(found.value)
    return found.value == (asked.value.encode() if asked.raw is None else asked.raw)


def same_general_names(
    found: tuple[GeneralName, ...] | None, asked: tuple[GeneralNameSpec, ...]
) -> bool:
    """Whether all came back, in order."""
    pairs = list(zip(found or (), asked, strict=True))
    return all(same_general_name(*pair) for pair in pairs)


def check_authority(found: object, asked: AuthorityKeyIdSpec, issuer_key: str) -> None:
    """The authority key identifier came back."""
    if asked.key_id is KeyId.ABSENT and asked.issuer is None and asked.serial is None:
        assert found is None
        return
    assert isinstance(found, facts.AuthorityKeyId)
    own = keys.key_id(asked.key or issuer_key)
    wanted = {KeyId.OWN: own, KeyId.OTHER: FOREIGN_KEY_ID}.get(asked.key_id)
    assert (found.key_id, found.serial) == (wanted, asked.serial)
    if asked.issuer is None:
        assert found.issuer is None
    else:
        assert same_general_names(found.issuer, (GeneralNameSpec.dir(asked.issuer),))


def check_point(
    found: facts.PointName | None,
    asked: PointSpec | IssuingPointSpec,
    issuer: Name,
) -> None:
    """A distribution point's name came back; a relative one after its issuer's."""
    if asked.relative is not None:
        assert found is not None
        assert found.relative is not None
        assert found.relative.canonical.startswith(issuer.canonical)
        last = NameSpec(((asked.relative,),))
        assert text_of(found.relative)[-1:] == text_asked(last)
        assert len(found.relative.rdns) == len(issuer.rdns) + 1
    elif asked.full:
        assert found is not None
        assert same_general_names(found.full, asked.full)
    else:
        assert found is None


def reason_mask(asked: frozenset[str] | None) -> int | None:
    """OpenSSL's mask of these reasons."""
    return None if asked is None else sum(REASONS[name] for name in asked)


def check_names_and_points(found: Certificate, spec: CertificateSpec) -> None:
    """Alternative names, constraints and distribution points came back."""
    if spec.subject_alt_name is None:
        assert found.subject_alt_name is None
    else:
        assert isinstance(found.subject_alt_name, tuple)
        assert same_general_names(found.subject_alt_name, spec.subject_alt_name)
    if spec.name_constraints is None:
        assert found.name_constraints is None
    else:
        assert isinstance(found.name_constraints, facts.NameConstraints)
        for mine, theirs in (
            (found.name_constraints.permitted, spec.name_constraints.permitted),
            (found.name_constraints.excluded, spec.name_constraints.excluded),
        ):
            for tree, asked in zip(mine, theirs, strict=True):
                assert same_general_name(tree.base, asked.base)
                assert (tree.minimum or 0, tree.maximum) == (
                    asked.minimum,
                    asked.maximum,
                )
    read_points = found.distribution_points or ()
    assert not isinstance(read_points, Malformed)
    for point, wanted in zip(read_points, spec.distribution_points, strict=True):
        directories = [item.name for item in point.crl_issuer if item.name is not None]
        check_point(point.point, wanted, [*directories, found.issuer][0])
        assert point.reasons == reason_mask(wanted.reasons)
        assert same_general_names(point.crl_issuer, wanted.crl_issuer)


def criticalities(spec: CertificateSpec) -> list[bool]:
    """Which of the extensions that have a choice are asked to be critical."""
    parts = (
        spec.basic_constraints,
        spec.key_usage,
        spec.extended_key_usage,
        spec.name_constraints,
        spec.proxy,
    )
    found = [part.critical for part in parts if part is not None]
    if spec.subject_key_id.key_id is not KeyId.ABSENT:
        found.append(spec.subject_key_id.critical)
    authority = spec.authority_key_id
    if (
        authority.key_id is not KeyId.ABSENT
        or authority.issuer
        or (authority.serial is not None)
    ):
        found.append(authority.critical)
    if spec.subject_alt_name is not None:
        found.append(spec.san_critical)
    return found


@SEEDED
@given(certificates)
def test_every_field_of_a_certificate_comes_back(spec: CertificateSpec) -> None:
    """What the spec asks for is what the facts say."""
    found = facts_of(spec)
    assert (found.version, found.serial) == (spec.version, spec.serial)
    assert found.not_before == NOW + spec.not_before
    assert found.not_after == NOW + spec.not_after
    assert text_of(found.subject) == text_asked(spec.subject.name)
    assert text_of(found.issuer) == text_asked(spec.issuer.name)
    assert found.algorithms_equal
    constraints = spec.basic_constraints
    assert found.basic_constraints == (
        constraints and facts.BasicConstraints(constraints.ca, constraints.path_length)
    )
    usage = spec.key_usage
    assert found.key_usage == (usage and sum(USAGE[bit] for bit in usage.bits))
    extended = spec.extended_key_usage
    assert found.extended_key_usage == (
        extended and tuple(PURPOSES.get(name, name) for name in extended.purposes)
    )
    assert (
        found.subject_key_id
        == {
            KeyId.ABSENT: None,
            KeyId.OWN: keys.key_id(spec.subject.key),
            KeyId.OTHER: FOREIGN_KEY_ID,
            KeyId.EMPTY: b"",
        }[spec.subject_key_id.key_id]
    )
    check_authority(found.authority_key_id, spec.authority_key_id, spec.issuer.key)
    check_names_and_points(found, spec)
    proxy = spec.proxy
    assert found.proxy == (proxy and facts.ProxyInfo(proxy.path_length, proxy.language))
    asked = criticalities(spec)
    assert sum(item.critical for item in found.extensions) == sum(asked)
    assert len(found.extensions) == len(asked) + bool(spec.distribution_points)


@SEEDED
@given(crls)
def test_every_field_of_a_crl_comes_back(spec: CrlSpec) -> None:
    """What the spec asks for is what the facts say, entries in order."""
    found = crl_facts_of(spec)
    assert found.version == spec.version
    assert found.this_update == NOW + spec.this_update
    assert found.next_update == (
        None if spec.next_update is None else NOW + spec.next_update
    )
    assert text_of(found.issuer) == text_asked(spec.issuer.name)
    assert (found.number, found.base_number) == (spec.number, spec.base_number)
    critical = {item.oid: item.critical for item in found.extensions}
    assert critical.get("2.5.29.20", spec.number_critical) == spec.number_critical
    check_authority(found.authority_key_id, spec.authority_key_id, spec.issuer.key)
    assert (found.raw_authority_key_id is None) == (found.authority_key_id is None)
    for entry, revoked in zip(found.entries, spec.revoked, strict=True):
        assert entry.serial == revoked.certificate
        assert entry.reason == (revoked.reason and CRL_REASONS[revoked.reason])
        issuer = revoked.certificate_issuer
        assert (entry.certificate_issuer is None) == (issuer is None)
        if isinstance(entry.certificate_issuer, tuple) and issuer is not None:
            wanted = (GeneralNameSpec.dir(issuer),)
            assert same_general_names(entry.certificate_issuer, wanted)
    point, asked = found.issuing_point, spec.issuing_point
    assert (point is None) == (asked is None) == (found.raw_issuing_point is None)
    if isinstance(point, facts.IssuingPoint) and asked is not None:
        check_point(point.point, asked, found.issuer)
        for flag in ("only_user", "only_ca", "only_attribute", "indirect"):
            assert getattr(point, flag) == getattr(asked, flag)
        assert point.reasons == reason_mask(asked.reasons)
        assert critical["2.5.29.28"] == asked.critical


def test_a_raw_extension_replaces_or_doubles() -> None:
    """One of the same type is replaced in its place, or left and made unusable."""
    spec = CertificateSpec(
        "any", LEAF, ROOT, basic_constraints=BasicConstraintsSpec(ca=True)
    )
    raw = RawExtension("2.5.29.19", bytes.fromhex("3000"), critical=False)
    replaced = facts_of(replace(spec, extra=(raw,)))
    assert replaced.basic_constraints == facts.BasicConstraints(ca=False)
    assert replaced.extensions[0].oid == "2.5.29.19"
    doubled = facts_of(replace(spec, extra=(replace(raw, duplicate=True),)))
    assert doubled.basic_constraints == Malformed("duplicate")
    assert len(doubled.extensions) == len(replaced.extensions) + 1


def test_an_outer_digest_is_seen() -> None:
    """Inner and outer algorithm differ, and are told apart."""
    spec = CertificateSpec("any", LEAF, ROOT, digest="sha256", outer_digest="sha384")
    found = facts_of(spec)
    assert not found.algorithms_equal
    assert found.inner_algorithm.digest == "sha256"
    assert found.outer_algorithm.digest == "sha384"
    crl = crl_facts_of(CrlSpec("any", ROOT, outer_digest="sha1"))
    assert not crl.algorithms_equal
    assert crl.outer_algorithm.security_bits == 63
