"""Certificate policies, where a policy bit asks for them.

Source: ``check_policy`` (x509_vfy.c), ``policy_cache_new`` (pcy_cache.c),
``ossl_policy_cache_set_mapping`` (pcy_map.c) and ``X509_policy_check`` (pcy_tree.c).
Python cannot name a policy that it wants, so the *user set* is empty: where an explicit
policy is required, no tree satisfies it. What is left to a tree is to be too large.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from harness.facts import Certificate, Malformed, PolicyConstraints, Uncertain
from harness.flags import Flags
from harness.oracle.releases.building import Built
from harness.oracle.releases.cached import Cached
from harness.oracle.releases.policy_tree import (
    ANY_POLICY,
    Data,
    Level,
    TreeTooLargeError,
    grow,
)
from harness.oracle.releases.stage import Events, Setting, UnmodelledError
from harness.verdict import Objection

EXPLICIT_POLICY: Final = 0x100
INHIBIT_ANY: Final = 0x200
INHIBIT_MAP: Final = 0x400
POLICY_BITS: Final = 0x780
"""``X509_V_FLAG_POLICY_MASK``: each of them has policies checked. NOTIFY_POLICY asks
for a callback, and ``ssl`` has none."""

_LONG: Final = 1 << 63

T = TypeVar("T")


def mask(flags: Flags) -> int:
    """The bits that this stage looks at."""
    return flags.bits & POLICY_BITS


@dataclass(slots=True)
class PolicyCache:
    """``X509_POLICY_CACHE``: what one certificate says of policies."""

    invalid: bool = False
    """``EXFLAG_INVALID_POLICY``."""
    data: list[Data] | None = None
    """Its policies but for anyPolicy, then those that only a mapping names; None where
    there is no certificatePolicies, or an empty one."""
    has_any: bool = False
    explicit_skip: int = -1
    map_skip: int = -1
    any_skip: int = -1


class _BadCacheError(Exception):
    """The extensions are invalid or contradict each other (``bad_cache``)."""


def _value(found: T | Malformed | Uncertain | None) -> T | None:
    """What an extension says, None where it is absent."""
    if isinstance(found, Malformed):
        raise _BadCacheError
    if isinstance(found, Uncertain):
        raise UnmodelledError(f"policies: {found.why}")
    return found


def has_a_number_too_large(certificate: Certificate) -> bool:
    """Whether a number of its policy extensions is beyond a ``long``, which
    ``ASN1_INTEGER_get`` leaves as an error."""
    limits = certificate.policy_constraints
    numbers: list[object] = [certificate.inhibit_any_policy]
    if isinstance(limits, PolicyConstraints):
        numbers += (limits.require_explicit, limits.inhibit_mapping)
    return any(isinstance(number, int) and number >= _LONG for number in numbers)


def _skip(value: int | None) -> int:
    """``policy_cache_set_int``: -1 where absent, or beyond a ``long``."""
    if value is None:
        return -1
    if value < 0:
        raise _BadCacheError
    return value if value < _LONG else -1


def _policies(listed: tuple[str, ...], cache: PolicyCache) -> None:
    """``policy_cache_create``."""
    data: list[Data] = []
    seen = set()
    for policy in listed:
        if policy in seen:
            raise _BadCacheError
        seen.add(policy)
        if policy == ANY_POLICY:
            cache.has_any = True
        else:
            data.append(Data(policy, listed=True))
    cache.data = data


def _map(pairs: tuple[tuple[str, str], ...], cache: PolicyCache) -> None:
    """``ossl_policy_cache_set_mapping``."""
    if not pairs or any(ANY_POLICY in pair for pair in pairs):
        raise _BadCacheError
    assert cache.data is not None
    by_policy = {item.policy: item for item in cache.data}
    for issuers, subjects in pairs:
        item = by_policy.get(issuers)
        if item is None:
            if not cache.has_any:
                continue
            item = by_policy[issuers] = Data(issuers)
            cache.data.append(item)
        item.mapped = True
        # Named by certificatePolicies, or by a second mapping: then each of the
        # policies it is mapped to wants a child (POLICY_DATA_FLAG_MAPPED).
        item.wants_all = item.wants_all or item.listed or bool(item.expected)
        item.expected.append(subjects)


def policy_cache(facts: Certificate) -> PolicyCache:
    """``policy_cache_new``. Raises ``UnmodelledError`` where we cannot tell."""
    cache = PolicyCache()
    try:
        _fill(facts, cache)
    except _BadCacheError:
        cache.invalid = True
    return cache


def _fill(facts: Certificate, cache: PolicyCache) -> None:
    constraints = _value(facts.policy_constraints)
    if constraints is not None:
        if constraints == PolicyConstraints():
            raise _BadCacheError
        cache.explicit_skip = _skip(constraints.require_explicit)
        cache.map_skip = _skip(constraints.inhibit_mapping)
    listed = _value(facts.policies)
    if not listed:
        return
    _policies(listed, cache)
    pairs = _value(facts.policy_mappings)
    if pairs is not None:
        _map(pairs, cache)
    cache.any_skip = _skip(_value(facts.inhibit_any_policy))


@dataclass(slots=True)
class _Counter:
    """A number of certificates after which something holds: every certificate that is
    not self-issued takes one off, and a certificate may lower it."""

    left: int

    def step(self, certificate: Cached, skip: int) -> None:
        if not certificate.self_issued:
            self.left -= 1
        if 0 <= skip < self.left:
            self.left = skip


def check_policies(built: Built, setting: Setting) -> Events:
    """``check_policy``; not for a CRL issuer's path (``ctx->parent``)."""
    if setting.for_crl_issuer:
        return
    # The anchor is not looked at: its policies do not count (RFC 5280, 6.1).
    below = built.path[:-1]
    caches = [policy_cache(certificate.facts) for certificate in below]
    bits = setting.flags.bits
    found = _required(below, caches, bits)
    if found.invalid:
        for depth, cache in enumerate(caches):
            if not cache.invalid:
                continue
            if depth == 0 and "policies-of-leaf-unchecked" in setting.release:
                yield "policy.invalid-in-leaf-passed"
                continue
            yield Objection("policy.invalid-extension", 42, depth)
        return
    if found.empty:
        if found.explicit:
            yield Objection("policy.none-acceptable", 43, 0)
        return
    limit = 1000 if "policy-tree-is-limited" in setting.release else None
    try:
        grow(_levels(below, caches, bits), limit)
    except TreeTooLargeError:
        # An internal error in OpenSSL, which it reports as if memory had run out.
        yield Objection("policy.tree-too-large", 17, 0)
        return
    if found.explicit:
        yield Objection("policy.none-acceptable", 43, 0)


@dataclass(slots=True)
class _Requirement:
    """What ``tree_init`` finds before it makes a tree."""

    invalid: bool = False
    empty: bool = False
    explicit: bool = False


def _required(
    below: Sequence[Cached], caches: Sequence[PolicyCache], bits: int
) -> _Requirement:
    """``tree_init``, from the top down; it stops where the outcome is certain."""
    found = _Requirement(empty=not below)
    count = len(below)
    explicit = _Counter(0 if bits & EXPLICIT_POLICY else count + 1)
    for depth in range(count - 1, -1, -1):
        if explicit.left <= 0 and found.empty:
            break
        cache = caches[depth]
        if cache.invalid:
            found.invalid = True
            return found
        found.empty = found.empty or cache.data is None
        if explicit.left > 0:
            explicit.step(below[depth], cache.explicit_skip)
    found.explicit = bool(below) and explicit.left == 0
    return found


def _levels(
    below: Sequence[Cached], caches: Sequence[PolicyCache], bits: int
) -> list[Level]:
    """The levels below the anchor's, each with what is inhibited on it."""
    count = len(below)
    any_left = _Counter(0 if bits & INHIBIT_ANY else count + 1)
    map_left = _Counter(0 if bits & INHIBIT_MAP else count + 1)
    levels = []
    for depth in range(count - 1, -1, -1):
        certificate, cache = below[depth], caches[depth]
        assert cache.data is not None
        inhibit_any = not cache.has_any
        if any_left.left == 0:
            inhibit_any = inhibit_any or not certificate.self_issued or depth == 0
        else:
            any_left.step(certificate, cache.any_skip)
        inhibit_map = map_left.left == 0
        if not inhibit_map:
            map_left.step(certificate, cache.map_skip)
        levels.append(Level(cache.data, inhibit_any, inhibit_map))
    return levels
