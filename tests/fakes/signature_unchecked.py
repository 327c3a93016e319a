"""A certificate whose signature is wrong is accepted."""

from tests.fakes.lying import excusing, stand_in

stand_in(globals(), SSLContext=excusing({7}))
