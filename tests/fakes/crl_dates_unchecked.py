"""A CRL not yet valid (code 11) or expired (code 12) is as good as any."""

from tests.fakes.lying import excusing, stand_in

stand_in(globals(), SSLContext=excusing({11, 12}))
