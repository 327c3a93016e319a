"""Faults of flags, and of one flag that changes another."""

from typing import Final

from harness.kernel.fault import Area, Fault

_VFY: Final = "crypto/x509/x509_vfy.c"

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
)
