"""A CRL with a wrong signature (code 8) is as good as any."""

from tests.fakes.lying import excusing, stand_in

stand_in(globals(), SSLContext=excusing({8}))
