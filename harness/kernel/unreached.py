"""Branches of the kernel that no case can take, through ``ssl`` or with a verify
callback that lets objections pass, and why not.

Read in the source of 3.0; later releases share most of it. Each is named by function
and a part of the line's text, never by line.
"""

from dataclasses import dataclass
from typing import Final

ANYWHERE: Final = "*"
"""As the function of a reason: it speaks of such a line in all of them."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some branches of a line are not taken.

    ``places`` count as gcov lists them, and from the end if negative: at a condition
    the way on when it holds, then the other one; at one that ``||`` joins to the next,
    the way to the next, then the way past it.
    """

    function: str
    text: str
    places: tuple[int, ...]
    why: str

    def excused(self, function: str, text: str, of: int) -> frozenset[int]:
        """The branches that it speaks of, of a line that has so many."""
        if self.function not in (ANYWHERE, function) or self.text not in text:
            return frozenset()
        return frozenset(place % of for place in self.places if -of <= place < of)


_CALLBACK: Final = "a verify callback refuses no success"
_DANE: Final = "DANE: ssl has no interface to it"
_MEMORY: Final = "memory runs out, or a lock fails"
_MISUSE: Final = "libssl does not call it so"
_METHOD: Final = "nobody gives a store or a CRL methods of its own"
_ALTERNATE: Final = "TRUSTED_FIRST is inherited always: no other path is tried later"
_EMAIL: Final = "ssl has no interface to an expected mail address"
_NAMED: Final = "hostname_checks_common_name is no verification flag, and left as it is"
_NEVER: Final = "the kernel contradicts itself"
_AFTER: Final = (
    "objected to before: whoever lets that pass lets this pass, others never come here"
)
_KEY: Final = "a path with a key that cannot be read is refused before"
_PARAMETERS: Final = "since 3.0 a key that decodes has its parameters, DSA's too"
_ISSUER: Final = "a CRL that is chosen has an issuer"
_CHOSEN: Final = "such a CRL is not chosen"
_NO_LIST: Final = "ssl hands over no list of CRLs beside the store"
_NAMESAKE: Final = "CRLs are looked up by the name of the certificate's issuer"
_CRITICAL: Final = (
    "a critical key identifier counts as unknown, and is looked at no more"
)
_LEVEL: Final = "there is no security level over 5"

_BOTH: Final = (0, 1)
_FIRST: Final = (0,)
_SECOND: Final = (1,)
_ALL_BUT_SECOND: Final = (0, 2, 3, 4, 5, 6, 7)

_TABLE: Final[tuple[tuple[str, str, tuple[int, ...], str], ...]] = (
    ("X509_self_signed", "if (!verify_signature)", _SECOND, _MISUSE),
    ("lookup_cert_match", "X509_up_ref(", _FIRST, _MEMORY),
    ("verify_cb_cert", "if (depth < 0)", _FIRST, _NEVER),
    ("verify_cb_cert", "if (err != X509_V_OK)", _SECOND, _NEVER),
    ("verify_chain", "ctx->verify != NULL ?", _SECOND, _NEVER),
    ("X509_verify_cert", "if (ctx == NULL)", _FIRST, _MISUSE),
    ("X509_verify_cert", "if (ctx->cert == NULL)", _FIRST, _MISUSE),
    ("X509_verify_cert", "if (ctx->chain != NULL)", _FIRST, _MISUSE),
    ("X509_verify_cert", "ossl_x509_add_cert_new(", _FIRST, _MEMORY),
    ("X509_verify_cert", "DANETLS_ENABLED(", _ALL_BUT_SECOND, _DANE),
    ("check_name_constraints", "if (tmpsubject == NULL)", _FIRST, _MEMORY),
    (
        "check_name_constraints",
        "& X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT)",
        _SECOND,
        "ssl has no interface to that flag",
    ),
    ("check_name_constraints", "if (ret < 0)", _FIRST, _NEVER),
    ("check_id", "if (vpm->email != NULL", _FIRST, _EMAIL),
    ("check_id", "X509_check_email(", _BOTH, _EMAIL),
    ("check_id", "X509_V_ERR_EMAIL_MISMATCH", _BOTH, _EMAIL),
    ("X509_get_pubkey_parameters", "i < sk_X509_num(chain)", _SECOND, _PARAMETERS),
    (
        "X509_get_pubkey_parameters",
        "if (!EVP_PKEY_missing_parameters(ktmp))",
        _SECOND,
        _PARAMETERS,
    ),
    ("X509_get_pubkey_parameters", "if (ktmp == NULL) {", _FIRST, _PARAMETERS),
    ("X509_get_pubkey_parameters", "for (j = i - 1;", _FIRST, _PARAMETERS),
    ("X509_get_pubkey_parameters", "EVP_PKEY_copy_parameters(", _BOTH, _PARAMETERS),
    ("check_trust", "if (DANETLS_HAS_TA(", _ALL_BUT_SECOND, _DANE),
    ("check_trust", "if (trust != X509_TRUST_UNTRUSTED)", _BOTH, _DANE),
    ("check_trust", "if (num_untrusted == num", _SECOND, _NEVER),
    ("check_trust", "if (!DANETLS_ENABLED(", _ALL_BUT_SECOND, _DANE),
    ("check_trust", "if (dane->pdpth < 0)", _BOTH, _DANE),
    ("check_trust", "if (dane->mdpth >= 0)", _BOTH, _DANE),
    ("check_cert", "if (ctx->get_crl != NULL)", _FIRST, _METHOD),
    ("check_cert", "if (crl != NULL)", _BOTH, _METHOD),
    ("get_crl_delta", "if (ok)", _FIRST, _NO_LIST),
    ("get_crl_delta", "if (skcrl == NULL && crl != NULL)", (2,), _NO_LIST),
    ("check_crl_path", "X509_STORE_CTX_init(", _FIRST, _MEMORY),
    ("check_crl", "if (ctx->current_issuer != NULL)", _SECOND, _ISSUER),
    ("check_crl", "} else if (cnum < chnum)", _BOTH, _ISSUER),
    ("check_crl", "ctx->check_issued(ctx, issuer, issuer)", (0, 1, 2, 3), _ISSUER),
    ("check_crl", "if (issuer == NULL)", _FIRST, _ISSUER),
    ("check_crl", "if ((crl->idp_flags & IDP_INVALID) != 0", (0, 2, 3), _CHOSEN),
    ("check_crl", "if (ikey == NULL", (2,), _AFTER),
    ("internal_verify", "CB_FAIL_IF(1, ctx, xi, 0", _FIRST, _AFTER),
    ("check_policy", "if (ctx->bare_ta_signed &&", (0, 2, 3), _DANE),
    ("check_policy", "if (ctx->bare_ta_signed)", _FIRST, _DANE),
    ("check_policy", "if (!cbcalled)", _BOTH, _NEVER),
    ("check_policy", "!= X509_PCY_TREE_VALID)", _FIRST, _NEVER),
    ("check_policy", "if (!ctx->verify_cb(2, ctx))", _FIRST, _CALLBACK),
    ("check_name_constraints", "X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)", _SECOND, _NAMED),
    ("internal_verify", "if (ctx->bare_ta_signed)", _FIRST, _DANE),
    ("internal_verify", "if (xi != NULL", _SECOND, _DANE),
    ("internal_verify", "X509_get0_pubkey(xi)) == NULL", _FIRST, _KEY),
    ("internal_verify", "CB_FAIL_IF(1, ctx, xi, issuer_depth", _BOTH, _KEY),
    ("internal_verify", "if (!ctx->verify_cb(1, ctx))", _FIRST, _CALLBACK),
    ("X509_cmp_time", "if (asn1_cmp_time == NULL)", _FIRST, _MEMORY),
    (
        "X509_cmp_time",
        "switch (ctm->type)",
        (2,),
        "a date of another type does not decode",
    ),
    ("X509_time_adj_ex", "if (s != NULL", (0, 2, 3), _MISUSE),
    ("X509_time_adj_ex", "if (s->type == V_ASN1_UTCTIME)", _BOTH, _MISUSE),
    ("X509_time_adj_ex", "if (s->type == V_ASN1_GENERALIZEDTIME)", _BOTH, _MISUSE),
    ("X509_get_pubkey_parameters", "if (pkey != NULL", (0, 2, 3), _MISUSE),
    ("X509_STORE_CTX_get1_chain", "if (ctx->chain == NULL)", _FIRST, _MISUSE),
    ("X509_STORE_CTX_new_ex", "if (ctx == NULL)", _FIRST, _MEMORY),
    (
        "X509_STORE_CTX_new_ex",
        "if (propq != NULL)",
        _FIRST,
        "ssl has no interface to property queries",
    ),
    (
        "X509_STORE_CTX_new_ex",
        "if (ctx->propq == NULL)",
        _BOTH,
        "ssl has no interface to property queries",
    ),
    ("X509_STORE_CTX_free", "if (ctx == NULL)", _FIRST, _MISUSE),
    ("X509_STORE_CTX_init", "if (ctx == NULL)", _FIRST, _MISUSE),
    ("X509_STORE_CTX_init", "if (store != NULL)", _SECOND, _MISUSE),
    ("X509_STORE_CTX_init", "if (store != NULL && store->", (1, 2), _METHOD),
    ("X509_STORE_CTX_init", "if (ctx->param == NULL)", _FIRST, _MEMORY),
    ("X509_STORE_CTX_init", "if (store == NULL)", _FIRST, _MISUSE),
    ("X509_STORE_CTX_init", "X509_VERIFY_PARAM_inherit(", _FIRST, _MEMORY),
    ("X509_STORE_CTX_init", "X509_STORE_CTX_set_default(", _FIRST, _MEMORY),
    (
        "X509_STORE_CTX_init",
        "== X509_TRUST_DEFAULT)",
        _SECOND,
        "ssl gives a store neither trust nor purpose",
    ),
    (
        "X509_STORE_CTX_init",
        "if (xp != NULL)",
        _FIRST,
        "ssl gives a store neither trust nor purpose",
    ),
    ("X509_STORE_CTX_init", "if (CRYPTO_new_ex_data(", _SECOND, _MEMORY),
    ("X509_STORE_CTX_cleanup", "if (ctx->cleanup != NULL)", _FIRST, _METHOD),
    ("X509_STORE_CTX_set_default", "if (param == NULL)", _FIRST, _MISUSE),
    ("check_dane_issuer", "if (!DANETLS_HAS_TA(", (0, 2, 3, 4, 5), _DANE),
    ("check_dane_issuer", "dane_match(", (0, 1, 2, 3), _DANE),
    ("check_dane_issuer", "if (matched > 0)", _BOTH, _DANE),
    ("build_chain", "ossl_assert(num == 1 &&", (1, 3, 4), _NEVER),
    ("build_chain", "DANETLS_HAS_PKIX(dane) ||", (0, 2, 3, 4, 6, 7), _DANE),
    ("build_chain", "X509_V_FLAG_TRUSTED_FIRST) != 0)", (3,), _ALTERNATE),
    ("build_chain", "X509_V_FLAG_NO_ALT_CHAINS)", _BOTH, _ALTERNATE),
    ("build_chain", "sk_X509_new_null()) == NULL", _FIRST, _MEMORY),
    ("build_chain", "DANETLS_ENABLED(dane) &&", (0, 2, 3, 4, 5), _DANE),
    ("build_chain", "X509_add_certs(sk_untrusted, dane->certs", _BOTH, _DANE),
    ("build_chain", "X509_add_certs(sk_untrusted, ctx->untrusted", _FIRST, _MEMORY),
    (
        "build_chain",
        "if (ctx->param->depth > INT_MAX / 2)",
        _FIRST,
        "ssl has no interface to the depth",
    ),
    ("build_chain", "if (ok < 0)", _FIRST, _MEMORY),
    ("build_chain", "if ((search & S_DOALTERNATE) != 0)", _FIRST, _ALTERNATE),
    ("build_chain", "ossl_assert(num > i", tuple(range(8)), _ALTERNATE),
    ("build_chain", "for (; num > i; --num)", _BOTH, _ALTERNATE),
    ("build_chain", "dane->mdpth >= ctx->num_untrusted)", (1,), _ALTERNATE),
    ("build_chain", "dane->pdpth >= ctx->num_untrusted)", (0, 1, 2, 3, 4, 5), _DANE),
    ("build_chain", "if (!sk_X509_push(ctx->chain, issuer))", _FIRST, _MEMORY),
    (
        "build_chain",
        "X509_self_signed(issuer, 0)) < 0)",
        _FIRST,
        "an issuer whose key cannot be read is none",
    ),
    ("build_chain", "ossl_assert(ctx->num_untrusted <= num)", _FIRST, _NEVER),
    ("build_chain", "--alt_untrusted > 0)", (0, 2, 3), _ALTERNATE),
    ("build_chain", "if (!may_alternate ||", (0, 2, 3, 4, 5), _ALTERNATE),
    ("build_chain", "ossl_assert(num == ctx->num_untrusted)", _FIRST, _NEVER),
    ("build_chain", "if (may_trusted)", _SECOND, _DANE),
    ("build_chain", "X509_add_cert(ctx->chain, issuer,", _FIRST, _MEMORY),
    ("build_chain", "if (trust == X509_TRUST_TRUSTED ||", (1, 3), _DANE),
    ("build_chain", "if (trust < 0)", _FIRST, _MEMORY),
    ("build_chain", "DANETLS_HAS_DANE_TA(dane))", (2, 4, 5), _DANE),
    (
        "build_chain",
        "switch (ctx->error)",
        _FIRST,
        "nothing objects to a date before the path is built",
    ),
    ("build_chain", "CB_FAIL_IF(DANETLS_ENABLED(dane)", tuple(range(2, 12)), _DANE),
    ("build_chain", "CB_FAIL_IF(DANETLS_ENABLED(dane)", _FIRST, _DANE),
    ("check_key_level", "if (level > NUM_AUTH_LEVELS)", _FIRST, _LEVEL),
    ("check_sig_level", "if (level > NUM_AUTH_LEVELS)", _FIRST, _LEVEL),
    ("check_sig_level", "if (level <= 0)", _FIRST, _NEVER),
    ("check_curve", "return ret == 1 ?", _SECOND, "every key of a curve tells it"),
    ("X509_check_purpose", "if (idx == -1)", _FIRST, _MISUSE),
    ("X509_PURPOSE_get0", "if (idx < (int)X509_PURPOSE_COUNT)", _SECOND, _MISUSE),
    ("X509_PURPOSE_get_by_id", "purpose <= X509_PURPOSE_MAX)", (3,), _MISUSE),
    ("X509_PURPOSE_get_by_id", "if (xptable == NULL)", _SECOND, _MISUSE),
    ("X509_PURPOSE_get_by_id", "if (idx < 0)", _BOTH, _MISUSE),
    ("ossl_x509v3_cache_extensions", "CRYPTO_THREAD_write_lock(", _FIRST, _MEMORY),
    ("ossl_x509v3_cache_extensions", "if (!X509_digest(", _FIRST, _MEMORY),
    ("check_purpose_crl_sign", "check_ca(x)) != 2)", _SECOND, _NEVER),
    ("X509_get_key_usage", "X509_check_purpose(x, -1, 0) != 1)", _FIRST, _MISUSE),
    ("crl_inf_cb", "if (!a ||", _SECOND, _NEVER),
    ("crl_set_issuers", "if (crl->issuers == NULL)", _FIRST, _MEMORY),
    ("crl_set_issuers", "sk_GENERAL_NAMES_push(", _FIRST, _MEMORY),
    ("crl_cb", "if (crl->meth->crl_free)", _FIRST, _METHOD),
    ("crl_cb", "if (!crl->meth->crl_free(crl))", _BOTH, _METHOD),
    ("crl_cb", "if (!X509_CRL_digest(", _FIRST, _MEMORY),
    ("crl_cb", "if (!crl_set_issuers(crl))", _FIRST, _MEMORY),
    ("crl_cb", "if (crl->meth->crl_init)", _FIRST, _METHOD),
    ("crl_cb", "crl->meth->crl_init(crl) == 0)", _BOTH, _METHOD),
    ("crl_cb", "if (crl->meth != NULL &&", (1, 2), _METHOD),
    ("crl_cb", "ossl_x509_crl_set0_libctx(", _BOTH, "libssl copies no CRL"),
    ("X509_CRL_verify", "if (crl->meth->crl_verify)", _SECOND, _METHOD),
    ("X509_CRL_get0_by_cert", "if (crl->meth->crl_lookup)", _SECOND, _METHOD),
    ("crl_revoked_issuer_match", "if (!nm)", _FIRST, _MISUSE),
    ("def_crl_lookup", "CRYPTO_THREAD_write_lock(", _FIRST, _MEMORY),
    ("def_crl_lookup", "if (ret)", _SECOND, _MISUSE),
    ("check_extensions", "CB_FAIL_IF((x->ex_flags & EXFLAG_CA) != 0", (3,), _NEVER),
    ("check_extensions", "CB_FAIL_IF(x->akid != NULL", (2, 4, 5), _CRITICAL),
    ("check_extensions", "CB_FAIL_IF(x->skid != NULL", (2, 4, 5), _CRITICAL),
    ("get_crl_sk", "crl_score == best_score && best_crl != NULL", (3,), _NO_LIST),
    ("check_delta_base", "X509_NAME_cmp(X509_CRL_get_issuer(base)", _FIRST, _NAMESAKE),
    ("get_crl_score", "X509_NAME_cmp(X509_get_issuer_name(x)", _FIRST, _NAMESAKE),
    ("get_crl_score", "(crl->idp_flags & IDP_INDIRECT) == 0", _BOTH, _NAMESAKE),
    ("crl_akid_check", "*pcrl_score & CRL_SCORE_ISSUER_NAME", _SECOND, _NAMESAKE),
    ("crl_crldp_check", "(crl_score & CRL_SCORE_ISSUER_NAME) != 0", (3,), _NAMESAKE),
    (
        "crl_revoked_issuer_match",
        "!X509_NAME_cmp(nm, X509_CRL_get_issuer(crl))",
        _SECOND,
        _NAMESAKE,
    ),
    (
        "idp_check_dp",
        "if (a->dpname == NULL)",
        _FIRST,
        "a certificate whose relative point name cannot be made is refused",
    ),
    ("build_chain", "while (search != 0)", _SECOND, _DANE),
    ("build_chain", "if ((search & S_DOTRUSTED) != 0)", _SECOND, _ALTERNATE),
    ("build_chain", "if ((search & S_DOUNTRUSTED) != 0)", _SECOND, _ALTERNATE),
    (
        "ossl_x509v3_cache_extensions",
        "switch (nid)",
        (1, 2),
        _CRITICAL,
    ),
    (
        "ossl_x509v3_cache_extensions",
        "if ((x->ex_flags & EXFLAG_INVALID) != 0)",
        _FIRST,
        _MEMORY,
    ),
    ("crl_cb", "switch (operation)", (4,), "libssl copies no CRL"),
)


REASONS: Final = tuple(Reason(*row) for row in _TABLE)
"""Every branch that is excused."""
