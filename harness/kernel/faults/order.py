"""Faults of order: what is objected to first."""

from typing import Final

from harness.kernel.fault import Area, Fault

_VFY: Final = "crypto/x509/x509_vfy.c"

ORDER: Final = (
    Fault(
        "host-before-extensions",
        Area.ORDER,
        _VFY,
        "verify_chain",
        "(ok = check_extensions(ctx)) <= 0 || (ok = check_auth_level(ctx)) <= 0"
        " || (ok = check_id(ctx)) <= 0",
        "(ok = check_id(ctx)) <= 0 || (ok = check_extensions(ctx)) <= 0"
        " || (ok = check_auth_level(ctx)) <= 0",
        "a wrong host name is objected to before extensions",
    ),
    Fault(
        "strength-before-extensions",
        Area.ORDER,
        _VFY,
        "verify_chain",
        "(ok = check_extensions(ctx)) <= 0 || (ok = check_auth_level(ctx)) <= 0",
        "(ok = check_auth_level(ctx)) <= 0 || (ok = check_extensions(ctx)) <= 0",
        "weak keys are objected to before extensions",
    ),
    Fault(
        "names-before-signatures",
        Area.ORDER,
        _VFY,
        "verify_chain",
        "ok = ctx->verify != NULL ? ctx->verify(ctx) : internal_verify(ctx);",
        "if ((ok = check_name_constraints(ctx)) <= 0) return ok;"
        " ok = internal_verify(ctx);",
        "name constraints are objected to before signatures and dates",
    ),
    Fault(
        "revocation-last",
        Area.ORDER,
        _VFY,
        "verify_chain",
        "|| (ok = ctx->check_revocation(ctx)) <= 0) return ok;",
        ") return ok; if ((ok = internal_verify(ctx)) <= 0"
        " || (ok = ctx->check_revocation(ctx)) <= 0) return ok;",
        "signatures and dates are objected to before revocation",
    ),
    Fault(
        "proxies-before-critical",
        Area.ORDER,
        _VFY,
        "check_extensions",
        "x = sk_X509_value(ctx->chain, i);",
        "x = sk_X509_value(ctx->chain, i);"
        " CB_FAIL_IF(!allow_proxy_certs && (x->ex_flags & EXFLAG_PROXY) != 0,"
        " ctx, x, i, X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED);",
        "a proxy is objected to before its unknown critical extension",
    ),
    Fault(
        "dates-before-signature",
        Area.ORDER,
        _VFY,
        "internal_verify",
        "while (n >= 0) {",
        "while (n >= 0) { if (!ossl_x509_check_cert_time(ctx, xs, n)) return 0;",
        "a certificate's dates are objected to before its signature",
    ),
    Fault(
        "crl-dates-before-usage",
        Area.ORDER,
        _VFY,
        "check_crl",
        "if (crl->base_crl_number == NULL) {",
        "if ((ctx->current_crl_score & CRL_SCORE_TIME) == 0"
        " && !check_crl_time(ctx, crl, 1)) return 0;"
        " if (crl->base_crl_number == NULL) {",
        "a CRL's dates are objected to before its issuer's usage and its scope",
    ),
    Fault(
        "crl-signature-first",
        Area.ORDER,
        _VFY,
        "check_crl",
        "if (crl->base_crl_number == NULL) {",
        "ikey = X509_get0_pubkey(issuer);"
        " if (ikey != NULL && X509_CRL_verify(crl, ikey) <= 0"
        " && !verify_cb_crl(ctx, X509_V_ERR_CRL_SIGNATURE_FAILURE)) return 0;"
        " if (crl->base_crl_number == NULL) {",
        "a CRL's signature is objected to before all else of it",
    ),
    Fault(
        "revoked-before-critical",
        Area.ORDER,
        _VFY,
        "cert_crl",
        "X509_REVOKED *rev;",
        "X509_REVOKED *rev; if (X509_CRL_get0_by_cert(crl, &rev, x)"
        " && rev->reason != CRL_REASON_REMOVE_FROM_CRL"
        " && !verify_cb_crl(ctx, X509_V_ERR_CERT_REVOKED)) return 0;",
        "an entry revokes before a CRL's unknown critical extension is objected to",
    ),
    Fault(
        "chain-from-the-root",
        Area.ORDER,
        _VFY,
        "check_revocation",
        "for (i = 0; i <= last; i++) { ctx->error_depth = i;",
        "for (i = 0; i <= last; i++) { ctx->error_depth = last - i;",
        "CRLs are looked for from the root on",
    ),
    Fault(
        "path-length-before-purpose",
        Area.ORDER,
        _VFY,
        "check_extensions",
        "if (purpose > 0 && !check_purpose(",
        "CB_FAIL_IF(i > 1 && x->ex_pathlen != -1"
        " && plen > x->ex_pathlen + proxy_path_length, ctx, x, i,"
        " X509_V_ERR_PATH_LENGTH_EXCEEDED);"
        " if (purpose > 0 && !check_purpose(",
        "a path length is objected to before a wrong purpose",
    ),
    Fault(
        "host-before-levels",
        Area.ORDER,
        _VFY,
        "verify_chain",
        "|| (ok = check_auth_level(ctx)) <= 0 || (ok = check_id(ctx)) <= 0",
        "|| (ok = check_id(ctx)) <= 0 || (ok = check_auth_level(ctx)) <= 0",
        "the name is checked before the levels of keys and signatures",
    ),
    Fault(
        "scope-before-crl-key-usage",
        Area.ORDER,
        _VFY,
        "check_crl",
        "if ((issuer->ex_flags & EXFLAG_KUSAGE) != 0 &&",
        "if ((ctx->current_crl_score & CRL_SCORE_SCOPE) == 0 &&"
        " !verify_cb_crl(ctx, X509_V_ERR_DIFFERENT_CRL_SCOPE)) return 0; if"
        " ((issuer->ex_flags & EXFLAG_KUSAGE) != 0 &&",
        "a CRL's scope is checked before the key usage of its issuer",
    ),
)
