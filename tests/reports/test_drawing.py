"""The drawing of a case: issuers above, each thing once, what broke and where."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from harness.case import Case, PemLabel
from harness.finding import Finding
from harness.flags import CRL_CHECK_LEAF
from harness.outcome import Accepted, Answer, Rejected
from harness.pki.issue import issue
from harness.pki.spec import Entity, NameSpec, Scenario, TrustSpec, ca
from harness.verdict import Objection, Silent, Verdict, WillReject
from harness.wire import to_json
from reports.drawing import Drawing, draw
from tests.recordings import SEED, found_line
from tests.reports.runs import INT, OPEN, ROOT, SCENARIO

NOW = 1_700_000_000


def drawn(scenario: Scenario, finding: Finding = OPEN, **changes: Any) -> Drawing:
    """The drawing of a finding in the scenario."""
    made = draw(found_line(finding, scenario, CRL_CHECK_LEAF, now=NOW, **changes))
    assert made is not None
    return made


def path_of(case: Case) -> tuple[str, ...]:
    """The path of what is sent, then the first trusted one."""
    ders = [*case.peer, case.trusted[0].der]
    return tuple(sha256(der).hexdigest() for der in ders)


def test_issuers_stand_above_what_they_signed() -> None:
    """Root, intermediate and leaf from the top, with an arrow down to each."""
    made = drawn(SCENARIO)
    heights = {box.label: box.y for box in made.boxes}
    assert heights["root"] < heights["int"] < heights["leaf"]
    assert len(made.arrows) == 2
    assert all(arrow.sound for arrow in made.arrows)
    (sheet,) = made.sheets
    assert " ".join(sheet.lines) == "CRL of Int (fresh) revokes leaf"


def test_what_was_not_refused_is_marked() -> None:
    """The certificate that the prediction objects to is marked on an acceptance."""
    path = path_of(issue(SCENARIO, seed=SEED, now=NOW))
    verdict = Verdict(WillReject(path, (Objection("rule", 23, 1),)), Silent())
    answer = Answer(CRL_CHECK_LEAF, CRL_CHECK_LEAF, Accepted(path), NOW, NOW)
    made = drawn(SCENARIO, answers=(answer,), verdict=to_json(verdict))
    broke = {box.label: box.broke for box in made.boxes if box.broke}
    assert broke == {"int": "not refused here: error 23"}
    assert all(arrow.on_path for arrow in made.arrows)
    assert any("not refused here: error 23" in text for text in made.words)
    assert "The path: root -> int -> leaf." in made.words


def test_a_told_depth_marks_its_certificate() -> None:
    """Where the target tells the depth of its error, that is where it broke."""
    path = path_of(issue(SCENARIO, seed=SEED, now=NOW))
    outcome = Rejected(24, path=path, depth=2)
    answer = Answer(CRL_CHECK_LEAF, CRL_CHECK_LEAF, outcome, NOW, NOW)
    broke = {box.label: box.broke for box in drawn(SCENARIO, answers=(answer,)).boxes}
    assert broke["root"] == "refused here: error 24"


def test_a_wrong_signature_is_an_unsound_arrow() -> None:
    """An arrow from who did not sign is drawn, and drawn otherwise."""
    forged = replace(SCENARIO.certificates[2], corrupt=True)
    scenario = replace(SCENARIO, certificates=(*SCENARIO.certificates[:2], forged))
    sound = [arrow.sound for arrow in drawn(scenario).arrows]
    assert sorted(sound) == [False, True]


def test_trust_settings_do_not_hide_a_certificate() -> None:
    """A TRUSTED CERTIFICATE is known by the certificate that it begins with."""
    trust = TrustSpec("root", PemLabel.TRUSTED_CERTIFICATE, trust=("serverAuth",))
    scenario = replace(SCENARIO, trusted=(trust,))
    case = issue(scenario, seed=SEED, now=NOW)
    plain = path_of(issue(SCENARIO, seed=SEED, now=NOW))
    assert case.trusted[0].der != b""
    answer = Answer(CRL_CHECK_LEAF, CRL_CHECK_LEAF, Accepted(plain), NOW, NOW)
    made = drawn(scenario, answers=(answer,))
    assert {box.label for box in made.boxes if box.on_path} == {"root", "int", "leaf"}


@pytest.mark.parametrize(
    "change",
    [
        {"peer": ()},
        {"trusted": ()},
        {"peer": ("leaf", "leaf", "root", "int")},
        {
            "certificates": (
                *SCENARIO.certificates,
                ca("round", ROOT, INT),
                ca("elsewhere", Entity(NameSpec.cn("X"), "p256-3"), ROOT),
            ),
            "trusted": (TrustSpec("elsewhere"), TrustSpec("round")),
        },
    ],
    ids=["nothing sent", "nothing trusted", "sent twice", "a loop"],
)
def test_every_shape_is_drawn_without_overlap(change: dict[str, Any]) -> None:
    """Each certificate stands once, in a place of its own, within the drawing."""
    made = drawn(replace(SCENARIO, **change))
    places = [(box.x, box.y) for box in made.boxes]
    assert len(set(places)) == len(places)
    assert len({box.label for box in made.boxes}) == len(made.boxes)
    assert all(box.y + box.height <= made.height for box in made.boxes)


def test_an_unknown_path_leaves_nobody_aside() -> None:
    """Where the path is of no certificate that is drawn, none is said to be off it."""
    answer = Answer(CRL_CHECK_LEAF, CRL_CHECK_LEAF, Accepted(("0" * 64,)), NOW, NOW)
    made = drawn(SCENARIO, answers=(answer,))
    assert all(box.on_path for box in made.boxes)
    assert not [text for text in made.words if text.startswith("The path")]


def test_a_finding_without_a_case_has_no_drawing() -> None:
    """What is about the surface has none."""
    assert draw(found_line(OPEN, None)) is None
