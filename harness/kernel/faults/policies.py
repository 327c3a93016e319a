"""Faults of certificate policies."""

from typing import Final

from harness.kernel.fault import Area, Fault

_CACHE: Final = "crypto/x509/pcy_cache.c"
_MAP: Final = "crypto/x509/pcy_map.c"
_NODE: Final = "crypto/x509/pcy_node.c"
_TREE: Final = "crypto/x509/pcy_tree.c"

_TREE_UNSEEN: Final = (
    "ssl sets no acceptable policies: under EXPLICIT_POLICY X509_policy_check fails "
    "whatever its tree holds, and without it an empty tree will do"
)

POLICIES: Final = (
    Fault(
        "self-issued-counts-for-explicit-policy",
        Area.EXTENSIONS,
        _TREE,
        "tree_init",
        "if (!(ex_flags & EXFLAG_SI)) explicit_policy--;",
        "explicit_policy--;",
        "self-issued certificates count down to the explicit policy",
    ),
    Fault(
        "explicit-policy-zero-is-absent",
        Area.EXTENSIONS,
        _TREE,
        "tree_init",
        "(cache->explicit_skip >= 0)",
        "(cache->explicit_skip > 0)",
        "requireExplicitPolicy of 0 means nothing",
    ),
    Fault(
        "inhibit-mapping-zero-is-absent",
        Area.EXTENSIONS,
        _TREE,
        "tree_init",
        "(cache->map_skip >= 0)",
        "(cache->map_skip > 0)",
        "inhibitPolicyMapping of 0 means nothing",
        unseen=_TREE_UNSEEN,
    ),
    Fault(
        "inhibit-any-spares-a-self-issued-leaf",
        Area.EXTENSIONS,
        _TREE,
        "tree_init",
        "!(ex_flags & EXFLAG_SI) || (i == 0)",
        "!(ex_flags & EXFLAG_SI)",
        "anyPolicy of a self-issued leaf counts though it is inhibited",
        unseen=_TREE_UNSEEN,
    ),
    Fault(
        "mapping-from-any-policy",
        Area.EXTENSIONS,
        _MAP,
        "ossl_policy_cache_set_mapping",
        "|| (OBJ_obj2nid(map->issuerDomainPolicy) == NID_any_policy)",
        "",
        "anyPolicy may be mapped to another",
    ),
    Fault(
        "duplicate-of-the-first-policy",
        Area.EXTENSIONS,
        _CACHE,
        "policy_cache_create",
        "sk_X509_POLICY_DATA_find(cache->data, data) >= 0",
        "sk_X509_POLICY_DATA_find(cache->data, data) > 0",
        "the first policy may stand twice",
    ),
    Fault(
        "mapping-under-any-ignored",
        Area.EXTENSIONS,
        _NODE,
        "ossl_policy_node_match",
        "!(x->flags & POLICY_DATA_FLAG_MAP_MASK)",
        "!(x->flags & POLICY_DATA_FLAG_MAPPED)",
        "a mapping that stands on anyPolicy is not followed",
        unseen=_TREE_UNSEEN,
    ),
)
