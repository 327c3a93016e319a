"""No CRL of an intermediate is looked at: what ``ignores_crl_check_chain`` leads to."""

from tests.fakes.lying import asking_for, stand_in

stand_in(globals(), SSLContext=asking_for(lambda flags: flags & ~8))
