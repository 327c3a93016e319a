"""A revoked certificate (code 23) is reported as an expired one (10)."""

import ssl

from tests.fakes.lying import context_of, stand_in


class SSLObject(ssl.SSLObject):
    """The real one, with another reason."""

    def do_handshake(self) -> None:
        """Change the reason on its way out."""
        try:
            super().do_handshake()
        except ssl.SSLCertVerificationError as error:
            if error.verify_code == 23:
                error.verify_code = 10
                error.verify_message = "certificate has expired"
            raise


stand_in(globals(), SSLContext=context_of(SSLObject))
