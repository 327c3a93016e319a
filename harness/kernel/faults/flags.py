"""Faults of flags, and of one flag that changes another."""

from typing import Final

from harness.kernel.fault import Area, Fault

_VFY: Final = "crypto/x509/x509_vfy.c"
_PARAM: Final = "crypto/x509/x509_vpm.c"

FLAGS: Final = (
    Fault(
        "chain-checks-leaf-only",
        Area.FLAGS,
        _VFY,
        "check_revocation",
        "X509_V_FLAG_CRL_CHECK_ALL) != 0",
        "X509_V_FLAG_CRL_CHECK_ALL) == 0",
        "whether CRLs are needed for the leaf or for all is the wrong way round",
    ),
    Fault(
        "all-bit-alone-checks",
        Area.FLAGS,
        _VFY,
        "check_revocation",
        "(ctx->param->flags & X509_V_FLAG_CRL_CHECK) == 0",
        "(ctx->param->flags & (X509_V_FLAG_CRL_CHECK"
        " | X509_V_FLAG_CRL_CHECK_ALL)) == 0",
        "the bit for all certificates turns checking on without the one for the leaf",
    ),
    Fault(
        "crl-check-turns-strict-off",
        Area.FLAGS,
        _VFY,
        "check_extensions",
        "if ((ctx->param->flags & X509_V_FLAG_X509_STRICT) != 0 && num > 1)",
        "if ((ctx->param->flags & X509_V_FLAG_X509_STRICT) != 0 && num > 1"
        " && (ctx->param->flags & X509_V_FLAG_CRL_CHECK) == 0)",
        "the strict profile is not checked where CRLs are",
    ),
    Fault(
        "strict-turns-partial-off",
        Area.FLAGS,
        _VFY,
        "check_trust",
        "if (num_untrusted < num) {"
        " if ((ctx->param->flags & X509_V_FLAG_PARTIAL_CHAIN) != 0)",
        "if (num_untrusted < num) {"
        " if ((ctx->param->flags & (X509_V_FLAG_PARTIAL_CHAIN"
        " | X509_V_FLAG_X509_STRICT)) == X509_V_FLAG_PARTIAL_CHAIN)",
        "a partial chain is not enough where the strict profile is asked for",
    ),
    Fault(
        "strict-turns-proxies-off",
        Area.FLAGS,
        _VFY,
        "check_extensions",
        "(ctx->param->flags & X509_V_FLAG_ALLOW_PROXY_CERTS) != 0",
        "(ctx->param->flags & (X509_V_FLAG_ALLOW_PROXY_CERTS"
        " | X509_V_FLAG_X509_STRICT)) == X509_V_FLAG_ALLOW_PROXY_CERTS",
        "proxies are refused where the strict profile is asked for too",
    ),
    Fault(
        "no-check-time-lost",
        Area.FLAGS,
        _VFY,
        "ossl_x509_check_cert_time",
        "(ctx->param->flags & X509_V_FLAG_NO_CHECK_TIME) != 0",
        "0",
        "NO_CHECK_TIME does not hold for certificates",
    ),
    Fault(
        "no-check-time-lost-for-crls",
        Area.FLAGS,
        _VFY,
        "check_crl_time",
        "(ctx->param->flags & X509_V_FLAG_NO_CHECK_TIME) != 0",
        "0",
        "NO_CHECK_TIME does not hold for CRLs",
    ),
    Fault(
        "ignore-critical-lost",
        Area.FLAGS,
        _VFY,
        "check_extensions",
        "(ctx->param->flags & X509_V_FLAG_IGNORE_CRITICAL) == 0 &&",
        "",
        "IGNORE_CRITICAL does not hold for certificates",
    ),
    Fault(
        "ignore-critical-lost-for-crls",
        Area.FLAGS,
        _VFY,
        "cert_crl",
        "(ctx->param->flags & X509_V_FLAG_IGNORE_CRITICAL) == 0 &&",
        "",
        "IGNORE_CRITICAL does not hold for CRLs",
    ),
    Fault(
        "ss-signature-always",
        Area.FLAGS,
        _VFY,
        "internal_verify",
        "(ctx->param->flags & X509_V_FLAG_CHECK_SS_SIGNATURE) != 0",
        "1",
        "a self-signed anchor's own signature is checked without CHECK_SS_SIGNATURE",
    ),
    Fault(
        "policy-flags-check-nothing",
        Area.FLAGS,
        "crypto/x509/x509_vpm.c",
        "X509_VERIFY_PARAM_set_flags",
        "param->flags |= X509_V_FLAG_POLICY_CHECK;",
        ";",
        "EXPLICIT_POLICY and the like do not turn policy checking on",
    ),
    Fault(
        "flags-lost-on-the-way",
        Area.FLAGS,
        "crypto/x509/x509_vpm.c",
        "X509_VERIFY_PARAM_inherit",
        "dest->flags |= src->flags;",
        "dest->flags |= (src->flags & X509_V_FLAG_X509_STRICT)"
        " ? src->flags & ~X509_V_FLAG_EXTENDED_CRL_SUPPORT : src->flags;",
        "EXTENDED_CRL_SUPPORT is lost where the strict profile is asked for",
    ),
    Fault(
        "trusted-first-always",
        Area.FLAGS,
        _VFY,
        "build_chain",
        "(ctx->param->flags & X509_V_FLAG_TRUSTED_FIRST) != 0",
        "1",
        "the store is searched first without the flag",
        unseen="every X509_STORE_CTX inherits TRUSTED_FIRST from the default "
        "parameters, and no flag of ssl takes it away",
    ),
    Fault(
        "no-check-time-for-the-leaf-only",
        Area.FLAGS,
        _VFY,
        "ossl_x509_check_cert_time",
        "else if ((ctx->param->flags & X509_V_FLAG_NO_CHECK_TIME) != 0)",
        "else if ((ctx->param->flags & X509_V_FLAG_NO_CHECK_TIME) != 0 && depth <= 0)",
        "NO_CHECK_TIME spares the leaf, not what is above it",
    ),
    Fault(
        "ignore-critical-allows-proxies",
        Area.FLAGS,
        _VFY,
        "check_extensions",
        "CB_FAIL_IF(!allow_proxy_certs && (x->ex_flags",
        "CB_FAIL_IF(!allow_proxy_certs && !(ctx->param->flags &"
        " X509_V_FLAG_IGNORE_CRITICAL) && (x->ex_flags",
        "a critical proxyCertInfo is ignored with the other critical extensions",
    ),
    Fault(
        "partial-chain-turns-strict-off",
        Area.FLAGS,
        _VFY,
        "check_extensions",
        "if ((ctx->param->flags & X509_V_FLAG_X509_STRICT) != 0 && num > 1)",
        "if ((ctx->param->flags & (X509_V_FLAG_X509_STRICT |"
        " X509_V_FLAG_PARTIAL_CHAIN)) == X509_V_FLAG_X509_STRICT && num > 1)",
        "STRICT's own checks are not made under PARTIAL_CHAIN",
    ),
    Fault(
        "crl-check-all-spares-the-leaf",
        Area.FLAGS,
        _VFY,
        "check_revocation",
        "for (i = 0; i <= last; i++)",
        "for (i = last > 0; i <= last; i++)",
        "of a whole chain the leaf is not looked up",
    ),
    Fault(
        "strict-turns-trusted-first-off",
        Area.FLAGS,
        _VFY,
        "build_chain",
        "(ctx->param->flags & X509_V_FLAG_TRUSTED_FIRST) != 0",
        "(ctx->param->flags & (X509_V_FLAG_TRUSTED_FIRST |"
        " X509_V_FLAG_X509_STRICT)) == X509_V_FLAG_TRUSTED_FIRST",
        "under STRICT the presented certificates are taken first",
    ),
    Fault(
        "alternate-chains-by-the-next-bit",
        Area.FLAGS,
        _VFY,
        "build_chain",
        "X509_V_FLAG_NO_ALT_CHAINS",
        "X509_V_FLAG_NO_CHECK_TIME",
        "NO_CHECK_TIME, not NO_ALT_CHAINS, forbids the alternate path",
        unseen="every X509_STORE_CTX inherits TRUSTED_FIRST from the default "
        "parameters, under which no alternate path is looked for",
    ),
    Fault(
        "deltas-by-the-next-bit",
        Area.FLAGS,
        _VFY,
        "get_delta_sk",
        "X509_V_FLAG_USE_DELTAS",
        "X509_V_FLAG_CHECK_SS_SIGNATURE",
        "CHECK_SS_SIGNATURE, not USE_DELTAS, asks for delta CRLs",
    ),
    Fault(
        "own-signature-of-a-lone-leaf-only",
        Area.FLAGS,
        _VFY,
        "internal_verify",
        "&& (xi->ex_flags & EXFLAG_SS) != 0",
        "&& (xi->ex_flags & EXFLAG_SS) != 0 && n == 0",
        "CHECK_SS_SIGNATURE looks at a path of one certificate only",
    ),
    Fault(
        "partial-chain-ignores-the-anchors-dates",
        Area.FLAGS,
        _VFY,
        "internal_verify",
        "if (!ossl_x509_check_cert_time(ctx, xs, n))",
        "if (!(xs == xi && (ctx->param->flags & X509_V_FLAG_PARTIAL_CHAIN) != 0)"
        " && !ossl_x509_check_cert_time(ctx, xs, n))",
        "an anchor may be expired under PARTIAL_CHAIN",
    ),
    Fault(
        "inhibit-bits-ask-for-no-policies",
        Area.FLAGS,
        _PARAM,
        "X509_VERIFY_PARAM_set_flags",
        "(flags & X509_V_FLAG_POLICY_MASK)",
        "(flags & X509_V_FLAG_EXPLICIT_POLICY)",
        "INHIBIT_ANY and INHIBIT_MAP do not turn POLICY_CHECK on",
    ),
    Fault(
        "flags-replace-the-stores",
        Area.FLAGS,
        _PARAM,
        "X509_VERIFY_PARAM_inherit",
        "dest->flags |= src->flags;",
        "dest->flags = src->flags;",
        "the flags of the store are lost, TRUSTED_FIRST among them",
    ),
)
