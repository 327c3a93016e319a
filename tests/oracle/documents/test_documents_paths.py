"""Candidate paths: by names and anchors, in four modes, and bounded."""

from dataclasses import replace

from harness.case import PemLabel
from harness.ledger.plain import INT, LEAF, OTHER, ROOT, chain, root, trusting
from harness.oracle.documents.paths import MAX_LENGTH, Anchor, Graph
from harness.pki.issue import issue
from harness.pki.read import read
from harness.pki.spec import (
    Entity,
    NameSpec,
    Scenario,
    TrustSpec,
    ca,
    end_entity,
)
from harness.verdict import MustAccept, MustReject, Silent
from tests.oracle.documents.scenarios import NONE, NOW, PARTIAL, promised


def graph(scenario: Scenario) -> Graph:
    """The scenario's certificates as a graph."""
    return Graph(read(issue(scenario, seed=0, now=NOW)))


def lengths(
    scenario: Scenario, *, partial: bool = False, first: bool = False
) -> list[tuple[int, Anchor]]:
    """Length and anchor of each candidate path."""
    walk = graph(scenario).walk(partial=partial, first=first)
    return [(len(path.certificates), path.anchor) for path in walk.paths]


def test_the_plain_chain_has_one_path_and_no_dead_end() -> None:
    """Leaf, Int, Root, in every mode."""
    for partial in (False, True):
        for first in (False, True):
            walk = graph(chain()).walk(partial=partial, first=first)
            assert [len(path.certificates) for path in walk.paths] == [3]
            assert walk.dead_ends == ()
            assert walk.complete


def test_a_partial_path_stops_at_the_first_certificate_of_the_store() -> None:
    """Without the flag the intermediate is no anchor; with it the path ends there."""
    both = trusting(chain(), "int", "root")
    assert lengths(both) == [(3, Anchor.SELF_SIGNED)]
    assert lengths(both, partial=True) == [(2, Anchor.PARTIAL)]


def test_a_stored_end_entity_is_a_path_and_may_go_on() -> None:
    """The pinned leaf alone, and the longer way through Int to the root."""
    scenario = trusting(chain(), "leaf", "root")
    assert lengths(scenario, partial=True) == [
        (1, Anchor.PARTIAL),
        (3, Anchor.SELF_SIGNED),
    ]


def test_a_self_signed_certificate_outside_the_store_is_a_dead_end() -> None:
    """A root that is sent and not trusted leads nowhere."""
    scenario = replace(
        trusting(chain(ca("other", OTHER, OTHER)), "other"),
        peer=("leaf", "int", "root"),
    )
    walk = graph(scenario).walk(partial=False, first=False)
    assert walk.paths == ()
    assert [len(path) for path in walk.dead_ends] == [3]


def test_names_alone_make_candidates_signatures_do_not() -> None:
    """Two issuers of one name are two candidates, whichever key signed."""
    namesake = Entity(INT.name, "p256-5")
    scenario = chain(ca("namesake", namesake, ROOT), peer=("leaf", "int", "namesake"))
    assert lengths(scenario) == [(3, Anchor.SELF_SIGNED)] * 2


def test_the_preference_hides_the_peers_copy_of_a_stored_issuer() -> None:
    """With ``first`` only the store's intermediate is a candidate."""
    scenario = trusting(chain(ca("stored", INT, ROOT)), "stored", "root")
    assert len(lengths(scenario)) == 2
    walk = graph(scenario).walk(partial=False, first=True)
    (path,) = walk.paths
    assert path.certificates[1].fingerprint in graph(scenario).store


def test_the_preference_never_goes_back_to_the_peers_certificates() -> None:
    """Above a stored intermediate only the store is searched."""
    scenario = trusting(
        chain(
            ca("upper", OTHER, ROOT),
            ca("stored", INT, OTHER),
            peer=("leaf", "int", "upper"),
        ),
        "stored",
        "root",
    )
    assert [length for length, _ in lengths(scenario)] == [3, 4]
    assert lengths(scenario, first=True) == []


def test_an_anchor_with_trust_settings_or_a_bad_signature_is_doubtful() -> None:
    """Trust settings and self-signatures that fail leave it open."""
    settings = TrustSpec("root", PemLabel.TRUSTED_CERTIFICATE, ("serverAuth",))
    assert lengths(replace(chain(), trusted=(settings,))) == [(3, Anchor.DOUBTFUL)]
    assert lengths(chain(root(corrupt=True))) == [(3, Anchor.DOUBTFUL)]


def test_loops_end_and_lead_nowhere() -> None:
    """Two intermediates that issued each other."""
    one, two = OTHER, Entity(NameSpec.cn("Two"), "p256-5")
    scenario = Scenario(
        (
            ca("one", one, two),
            ca("two", two, one),
            end_entity("leaf", LEAF, one),
            root(),
        ),
        peer=("leaf", "one", "two"),
        trusted=(TrustSpec("root"),),
    )
    walk = graph(scenario).walk(partial=False, first=False)
    assert walk.paths == ()
    assert walk.complete


def test_beyond_its_bounds_the_book_is_silent() -> None:
    """A chain longer than is looked at promises nothing."""
    entities = [ROOT] + [
        Entity(NameSpec.cn(f"CA {number}"), f"p256-{number % 16}")
        for number in range(MAX_LENGTH)
    ]
    certificates = [
        ca(f"ca{number}", entities[number], entities[number - 1])
        for number in range(1, len(entities))
    ]
    leaf = end_entity("leaf", LEAF, entities[-1])
    sent = ("leaf", *(spec.label for spec in reversed(certificates)))
    scenario = Scenario(
        (root(), *certificates, leaf), peer=sent, trusted=(TrustSpec("root"),)
    )
    assert not graph(scenario).walk(partial=False, first=False).complete
    assert isinstance(promised(scenario, NONE), Silent)
    assert isinstance(promised(scenario, PARTIAL), Silent)


def test_a_namesake_in_the_store_leaves_a_self_signed_end_entity_open() -> None:
    """A store that also holds another certificate of its name may offer that one."""
    alone = Scenario(
        (end_entity("self", LEAF, LEAF), ca("other", LEAF, ROOT), root()),
        peer=("self",),
        trusted=(TrustSpec("self"),),
    )
    assert isinstance(promised(alone), MustAccept)
    assert isinstance(promised(trusting(alone, "other", "self")), Silent)
    over = end_entity("self", LEAF, LEAF, not_before=-20, not_after=-10)
    late = replace(alone, certificates=(over, *alone.certificates[1:]))
    refused = promised(trusting(late, "other", "self"))
    assert isinstance(refused, MustReject)
    assert {10, 18} <= refused.codes
