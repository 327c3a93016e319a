"""A test of your own TLS code against hostile certificate chains.

``trusts`` is the code under test: here a client on ``ssl``, but whatever takes PEM
files and says whether it trusts the other end will do. Run it with pytest where
``verifyflags`` is installed.
"""

import ssl
import tempfile

from hypothesis import given, settings

from harness.case import Role
from harness.expecting import Must, expect
from harness.flags import Flags
from harness.pki.material import Material, material
from strategies import Scenario, scenarios

FLAGS = Flags.parse("default-3.13")


@settings(deadline=None)
@given(scenarios(role=Role.CLIENT))
def test_my_client(scenario: Scenario) -> None:
    """Whatever chain a server presents, the client decides as is promised."""
    hostile = material(scenario)
    wanted = expect(hostile.case, FLAGS, openssl=ssl.OPENSSL_VERSION_NUMBER)
    if wanted.must is not Must.SILENT and not wanted.known:
        assert trusts(hostile) in (wanted.must is Must.ACCEPT, None), wanted.because


def trusts(hostile: Material) -> bool | None:
    """Whether the client trusts such a server; None if there can be no such server."""
    case = hostile.case
    client = ssl.create_default_context()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client.check_hostname = case.name is not None
    client.set_ciphers(f"ALL:@SECLEVEL={case.security_level}")
    server.set_ciphers("ALL:@SECLEVEL=0")
    client.verify_flags = ssl.VerifyFlags(FLAGS.bits)
    with tempfile.TemporaryDirectory() as folder:
        files = hostile.write(folder)
        try:
            server.load_cert_chain(files.chain)
        except ssl.SSLError:
            return None
        if case.trusted:
            client.load_verify_locations(files.trust)
    return handshake(client, server, case.name)


def handshake(
    client: ssl.SSLContext, server: ssl.SSLContext, name: str | None
) -> bool | None:
    """Both ends in one process, without a socket."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(back, there, server_hostname=name),
        server.wrap_bio(there, back, server_side=True),
    ]
    for end in ends * 10:
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError:
            return False
        except ssl.SSLError:
            return None
        if end is ends[0]:
            return True
    return None
