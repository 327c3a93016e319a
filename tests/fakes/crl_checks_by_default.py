"""The leaf's CRL is checked where no flag at all is set."""

from tests.fakes.lying import asking_for, stand_in

stand_in(globals(), SSLContext=asking_for(lambda flags: flags or 4))
