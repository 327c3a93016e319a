"""Functions of the kernel's files that no TLS verification through ``ssl`` enters.

Read from the calls of ``ssl/``, of ``_ssl`` and of the kernel itself in 3.0. What is
not named here counts: a function that another release adds counts until it is named.
"""

from collections.abc import Mapping
from typing import Final

_BY_REASON: Final[Mapping[str, str]] = {
    "DANE: ssl has no interface to it": """
        dane_i2d dane_match dane_match_cert dane_match_rpk check_dane_pkeys dane_reset
        dane_verify dane_verify_rpk check_leaf_suiteb X509_STORE_CTX_set0_dane
    """,
    "raw public keys: ssl has no interface to them": """
        verify_rpk X509_STORE_CTX_init_rpk X509_STORE_CTX_get0_rpk
        X509_STORE_CTX_set0_rpk
    """,
    "a store that is a plain list: OCSP, CMS and time stamps use it": """
        get_issuer_sk lookup_certs_sk X509_STORE_CTX_set0_trusted_stack X509_build_chain
    """,
    "an application's own verification: libssl and _ssl do not call it": """
        X509_STORE_CTX_verify X509_STORE_CTX_new X509_STORE_CTX_get_ex_data
        X509_STORE_CTX_set_error X509_STORE_CTX_get_error_depth
        X509_STORE_CTX_set_error_depth X509_STORE_CTX_get_current_cert
        X509_STORE_CTX_set_current_cert X509_STORE_CTX_get0_current_issuer
        X509_STORE_CTX_get0_current_crl X509_STORE_CTX_get0_parent_ctx
        X509_STORE_CTX_set_cert X509_STORE_CTX_set0_crls X509_STORE_CTX_set_purpose
        X509_STORE_CTX_set_trust X509_STORE_CTX_purpose_inherit X509_STORE_CTX_set_depth
        X509_STORE_CTX_set_time X509_STORE_CTX_get0_cert X509_STORE_CTX_get0_untrusted
        X509_STORE_CTX_set0_untrusted X509_STORE_CTX_set0_verified_chain
        X509_STORE_CTX_set_verify_cb X509_STORE_CTX_get_verify_cb
        X509_STORE_CTX_set_verify X509_STORE_CTX_get_verify
        X509_STORE_CTX_get_get_issuer X509_STORE_CTX_get_check_issued
        X509_STORE_CTX_get_check_revocation X509_STORE_CTX_get_get_crl
        X509_STORE_CTX_get_check_crl X509_STORE_CTX_get_cert_crl
        X509_STORE_CTX_get_check_policy X509_STORE_CTX_get_lookup_certs
        X509_STORE_CTX_get_lookup_crls X509_STORE_CTX_get_cleanup
        X509_STORE_CTX_get0_policy_tree X509_STORE_CTX_get_explicit_policy
        X509_STORE_CTX_get_num_untrusted X509_STORE_CTX_set_get_crl
        X509_STORE_CTX_set_current_reasons X509_STORE_CTX_set_ocsp_resp
        X509_CRL_get0_by_serial X509_check_issued X509_cmp_timeframe
        X509_check_certificate_times X509_cmp_current_time
        X509_get_extended_key_usage X509_get0_subject_key_id
        X509_get0_authority_key_id X509_get0_authority_issuer
        X509_get0_authority_serial X509_get_pathlen X509_get_proxy_pathlen
        X509_set_proxy_flag X509_set_proxy_pathlen
    """,
    "OCSP: ssl has no interface to stapled responses": """
        check_cert_ocsp_resp check_purpose_ocsp_helper
    """,
    "a purpose that is not TLS": """
        check_purpose_ns_ssl_server purpose_smime check_purpose_smime_sign
        check_purpose_smime_encrypt check_purpose_timestamp_sign
        check_purpose_code_sign no_check_purpose no_check
    """,
    "the table of purposes: nobody looks up by name, adds or lists": """
        xp_cmp X509_PURPOSE_set X509_PURPOSE_get_count X509_PURPOSE_get_by_sname
        X509_PURPOSE_get_unused_id X509_PURPOSE_add xptable_free X509_PURPOSE_cleanup
        X509_PURPOSE_get_id X509_PURPOSE_get0_name X509_PURPOSE_get0_sname
    """,
    "making CRLs, or methods of their own for them": """
        X509_CRL_diff X509_CRL_add0_revoked X509_CRL_new_ex X509_gmtime_adj
        ossl_x509_crl_set0_libctx
        X509_CRL_set_default_method X509_CRL_METHOD_new X509_CRL_METHOD_free
        X509_CRL_set_meth_data X509_CRL_get_meth_data
    """,
    "a template's encoder, copier or constructor, of one line": """
        i2d_X509_REVOKED d2i_X509_REVOKED X509_REVOKED_new X509_REVOKED_free
        X509_REVOKED_dup i2d_X509_CRL_INFO d2i_X509_CRL_INFO X509_CRL_INFO_new
        X509_CRL_INFO_free i2d_X509_CRL X509_CRL_new X509_CRL_dup
    """,
}

LEFT_OUT: Final = {
    name: why for why, names in _BY_REASON.items() for name in names.split()
}
"""By function: why it is left out."""
