"""The certification path of a finding as a drawing: where each thing stands.

Issuers stand above what they sign; the peer's certificate is at the bottom. A
certificate is drawn once, however often it is sent or trusted. What is drawn here are
places and words; the template makes SVG of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from harness.campaign.recording import Line
from harness.pki.spec import CertificateSpec, CrlSpec, Entity, Scenario
from harness.wire import from_json
from reports.fingerprints import labels
from reports.printable import clipped
from reports.scenarios import crl_in_words, departures, name_in_words

WIDTH: Final = 216
HEIGHT: Final = 74
_GAP_X: Final = 26
_GAP_Y: Final = 46
_CRL_HEIGHT: Final = 40
_MARGIN: Final = 14
_LETTERS: Final = 30
"""How many letters fit a box."""


@dataclass(frozen=True, slots=True)
class Box:
    """A certificate: its place, what it says, and what became of it."""

    x: int
    y: int
    label: str
    name: str
    tags: tuple[str, ...]
    """``sent 1st``, ``trusted``, departures: a line of text each."""
    trusted: bool
    on_path: bool
    broke: str = ""
    """What was objected to here, or should have been."""
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Arrow:
    """From an issuer down to what it signed, or down from a CA to its CRL."""

    points: tuple[int, int, int, int]
    sound: bool
    """Whether the signature is by the key of the certificate above."""
    on_path: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CRL that is loaded."""

    x: int
    y: int
    lines: tuple[str, ...]
    height: int = _CRL_HEIGHT


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn, and the same in words."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    sheets: tuple[Sheet, ...]
    words: tuple[str, ...]
    """One sentence for each thing, for who does not see the drawing."""


def draw(line: Line) -> Drawing | None:
    """The drawing of a recorded finding; None where it has no case."""
    if line.get("scenario") is None:
        return None
    scenario: Scenario = from_json(line["scenario"], Scenario)
    broke, path = _course(line, labels(line))
    rows = _rows(scenario)
    places = _places(rows)
    boxes: dict[str, Box] = {}
    top = _MARGIN
    for row in rows:
        for item in row:
            x = places[item.label]
            boxes[item.label] = _box(scenario, item, (x, top), broke, path)
        top += max(boxes[item.label].height for item in row) + _GAP_Y
    sheets = tuple(_sheets(scenario, boxes.values()))
    everything: tuple[Box | Sheet, ...] = (*boxes.values(), *sheets)
    return Drawing(
        max((one.x + WIDTH for one in everything), default=0) + _MARGIN,
        max((one.y + one.height for one in everything), default=0) + _MARGIN,
        tuple(boxes.values()),
        tuple(_arrows(rows, boxes, path)),
        sheets,
        tuple(_words(scenario, broke, path)),
    )


def _course(
    line: Line, names: dict[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """What broke at which certificate, and the path that is meant, by labels.

    The path is the one observed where that was told, or else the predicted one.
    """
    broke: dict[str, str] = {}
    predicted = (line.get("verdict") or {}).get("predicted") or {}
    outcome = (line["answers"] or [{}])[-1].get("outcome") or {}
    expected = predicted.get("path") or ()
    observed = outcome.get("path") or expected
    for objection in (predicted.get("objections") or ())[:1]:
        depth = objection["depth"]
        if 0 <= depth < len(expected):
            accepted = outcome.get("is") == "Accepted"
            verb = "not refused" if accepted else "expected"
            place = names.get(expected[depth], "")
            broke[place] = f"{verb} here: error {objection['code']}"
    depth = outcome.get("depth")
    if depth is not None and 0 <= depth < len(observed):
        place = names.get(observed[depth], "")
        broke[place] = f"refused here: error {outcome['code']}"
    path = tuple(names.get(item, "") for item in observed)
    if not broke and path and line["severity"] == "fail-open":
        broke[path[0]] = "accepted: to be refused"
    return broke, path


def _drawn(scenario: Scenario) -> list[CertificateSpec]:
    """What is sent, what is trusted, and the issuers above."""
    wanted = dict.fromkeys(
        (*scenario.peer, *(trust.certificate for trust in scenario.trusted))
    )
    drawn = [scenario.certificate(label) for label in wanted]
    for item in drawn:
        if not any(other.subject == item.issuer for other in drawn):
            drawn += [
                other
                for other in scenario.certificates
                if other.subject == item.issuer and other not in drawn
            ]
    return drawn


def _rows(scenario: Scenario) -> list[list[CertificateSpec]]:
    """Certificates by height above the bottom, the highest first."""
    drawn = _drawn(scenario)
    heights: dict[str, int] = {}
    todo = [(item, 0) for item in drawn if item.label in scenario.peer[:1]]
    while todo:
        item, height = todo.pop(0)
        if item.label in heights:
            continue
        heights[item.label] = height
        todo += [
            (other, height + 1)
            for other in drawn
            if other.subject.name == item.issuer.name and other.label not in heights
        ]
    for item in drawn:  # beside what it resembles, or else above everything
        if item.label not in heights:
            heights[item.label] = _beside(item, drawn, heights)
    top = max(heights.values(), default=-1)
    return [
        [item for item in drawn if heights[item.label] == height]
        for height in range(top, -1, -1)
        if height in heights.values()
    ]


def _beside(
    item: CertificateSpec, drawn: list[CertificateSpec], heights: dict[str, int]
) -> int:
    signed = [
        heights[other.label]
        for other in drawn
        if other.issuer == item.subject and other.label in heights
    ]
    return max(signed) + 1 if signed else max(heights.values(), default=0)


def _places(rows: list[list[CertificateSpec]]) -> dict[str, int]:
    """Each certificate's place from the left, rows in the middle."""
    widest = max((len(row) for row in rows), default=0)
    step = WIDTH + _GAP_X
    return {
        item.label: _MARGIN + place * step + (widest - len(row)) * step // 2
        for row in rows
        for place, item in enumerate(row)
    }


def _box(
    scenario: Scenario,
    item: CertificateSpec,
    place: tuple[int, int],
    broke: dict[str, str],
    path: tuple[str, ...],
) -> Box:
    trusted = any(trust.certificate == item.label for trust in scenario.trusted)
    said = clipped(broke.get(item.label, ""), _LETTERS)
    tags = tuple(clipped(text, _LETTERS + 6) for text in _tags(scenario, item))
    return Box(
        *place,
        clipped(item.label, _LETTERS),
        clipped(name_in_words(item.subject.name), _LETTERS),
        tags,
        trusted,
        item.label in path or not any(path),
        said,
        46 + 15 * (len(tags) + bool(said)),
    )


def _tags(scenario: Scenario, item: CertificateSpec) -> Iterator[str]:
    places = [
        str(place)
        for place, label in enumerate(scenario.peer, 1)
        if label == item.label
    ]
    stands = [f"sent as no. {' and '.join(places)}"] if places else []
    if any(trust.certificate == item.label for trust in scenario.trusted):
        stands.append("trusted")
    yield ", ".join(stands) or "neither sent nor trusted"
    yield from list(departures(item))[:2]


def _arrows(
    rows: list[list[CertificateSpec]],
    boxes: dict[str, Box],
    path: tuple[str, ...],
) -> Iterator[Arrow]:
    drawn = [item for row in rows for item in row]
    steps = set(pairwise(path))
    for item in drawn:
        for above in drawn:
            if above.subject.name != item.issuer.name or above is item:
                continue
            low, high = boxes[item.label], boxes[above.label]
            if high.y >= low.y:
                continue
            middle = WIDTH // 2
            yield Arrow(
                (high.x + middle, high.y + high.height, low.x + middle, low.y),
                _is_sound(item, above.subject),
                (item.label, above.label) in steps,
            )


def _is_sound(item: CertificateSpec, above: Entity) -> bool:
    signer = item.signed_by or item.issuer.key
    return above.key == signer and not item.corrupt and item.outer_digest is None


def _sheets(scenario: Scenario, boxes: Iterable[Box]) -> Iterator[Sheet]:
    """CRLs in a column of their own at the right."""
    left = max((box.x + WIDTH for box in boxes), default=_MARGIN) + _GAP_X
    top = _MARGIN
    for crl in _loaded(scenario):
        lines = tuple(
            clipped(text, _LETTERS + 6) for text in _wrapped(crl_in_words(crl))
        )
        height = 16 + 15 * len(lines)
        yield Sheet(left, top, lines, height)
        top += height + 12


def _wrapped(text: str) -> list[str]:
    """A few lines of text, broken between words."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) > _LETTERS + 4:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines if len(lines) <= 4 else [*lines[:3], lines[3] + " …"]


def _loaded(scenario: Scenario) -> list[CrlSpec]:
    by_label = {crl.label: crl for crl in scenario.crls}
    return [by_label[label] for label in scenario.loaded if label in by_label]


def _words(
    scenario: Scenario, broke: dict[str, str], path: tuple[str, ...]
) -> Iterator[str]:
    for row in _rows(scenario):
        for item in row:
            parts = [
                f"{item.label} ({name_in_words(item.subject.name)})",
                f"issued by {name_in_words(item.issuer.name)}",
                *_tags(scenario, item),
            ]
            if item.label in broke:
                parts.append(broke[item.label])
            yield clipped(", ".join(parts), 400) + "."
    for crl in _loaded(scenario):
        yield clipped(f"Loaded: {crl_in_words(crl)}", 400) + "."
    if any(path):
        named = " -> ".join(label or "?" for label in reversed(path))
        yield clipped(f"The path: {named}", 400) + "."
