"""Cases from elsewhere: x509-limbo suites, NIST PKITS, PEM files."""
