"""The protocol: what is an answer, and what is none."""

import base64
import resource
import sys
from typing import Any

import pytest

from harness.flags import DEFAULT
from harness.outcome import Accepted, Objections, Rejected
from harness.target import protocol
from harness.target.process import EndedError, Process

PLAIN = [0, 1, 2, "accepted", None, "", 0]


def test_pem_has_short_lines() -> None:
    """PEM is base64 in lines of 64 characters between its labels."""
    text = protocol.pem("X509 CRL", bytes(100))
    begin, *lines, end = text.splitlines()
    assert begin == "-----BEGIN X509 CRL-----"
    assert end == "-----END X509 CRL-----"
    assert [len(line) for line in lines] == [64, 64, 8]
    assert base64.b64decode("".join(lines)) == bytes(100)


def test_rows_become_answers() -> None:
    """Rows keep their order, and rows alike share one outcome and one path."""
    rejected = [4, 1, 2, "rejected", 23, "certificate revoked", 0]
    reply = {"rows": [PLAIN, rejected, PLAIN], "paths": [["aa", "bb"]]}
    found = protocol.answers((DEFAULT,) * 3, reply)
    assert found[0].outcome == Accepted(("aa", "bb"))
    assert found[1].outcome == Rejected(23, "certificate revoked", ("aa", "bb"))
    assert found[0].outcome is found[2].outcome
    assert (found[0].before, found[0].after) == (1, 2)


def test_a_depth_is_told_by_a_longer_row() -> None:
    """The engine that tells depths has one more value in each of its rows."""
    deep = [4, 1, 2, "rejected", 23, "certificate revoked", 0, 1]
    reply = {"rows": [deep, [*PLAIN, None]], "paths": [["aa", "bb"]]}
    found = protocol.answers((DEFAULT,) * 2, reply)
    assert found[0].outcome == Rejected(23, "certificate revoked", ("aa", "bb"), 1)
    assert found[1].outcome == Accepted(("aa", "bb"))


def test_objections_are_told_by_a_row_longer_still() -> None:
    """They are no part of the outcome, which is shared by rows that differ in them."""
    deep = [*PLAIN, None]
    rows = [deep, [*deep, [[[9, 1], [10, 0]], 0, True]], [*deep, [[], None, False]]]
    found = protocol.answers((DEFAULT,) * 3, {"rows": rows, "paths": [["aa", "bb"]]})
    assert found[0].outcome is found[1].outcome is found[2].outcome
    assert [item.objections for item in found] == [
        None,
        Objections(((9, 1), (10, 0)), ("aa", "bb")),
        Objections((), None, passed=False),
    ]


@pytest.mark.parametrize(
    "reply",
    [
        {"rows": [[*PLAIN, None, [[[9]], 0, True]]], "paths": [["aa"]]},
        {"rows": [[*PLAIN, None, [[[9, "x"]], 0, True]]], "paths": [["aa"]]},
        {"rows": [[*PLAIN, None, [[], 1, True]]], "paths": [["aa"]]},
        {"rows": [[*PLAIN, None, [[], 0, 1]]], "paths": [["aa"]]},
        {"rows": [[*PLAIN, None, [[[9, 0]] * 1001, 0, True]]], "paths": [["aa"]]},
        {},
        {"rows": [], "paths": []},
        {"rows": [PLAIN], "paths": []},
        {"rows": [PLAIN[:6]], "paths": [["aa"]]},
        {"rows": [[*PLAIN, 0, 0]], "paths": [["aa"]]},
        {"rows": [[-1, *PLAIN[1:]]], "paths": [["aa"]]},
        {"rows": [[0, 1, 2, "pleased", None, "", None]], "paths": []},
        {"rows": [[0, 1, 2, "undecodable:moon", None, "", None]], "paths": []},
        {"rows": 1, "paths": []},
    ],
)
def test_rows_that_are_none(reply: dict[str, Any]) -> None:
    """Anything but one well-formed row for each flag set is refused."""
    with pytest.raises(protocol.ProtocolError):
        protocol.answers((DEFAULT,), reply)


def test_a_reply_has_its_number() -> None:
    """The answer to another question is none, nor is what is no object."""
    assert protocol.reply(b'{"seq": 3}', 3) == {"seq": 3}
    for text in (b'{"seq": 2}', b"[]", b"\xff", b""):
        with pytest.raises(protocol.ProtocolError, match="not the answer to 3"):
            protocol.reply(text, 3)
    with pytest.raises(protocol.InternalError, match="why"):
        protocol.reply(b'{"seq": 3, "error": "why"}', 3)


def test_neither_end_waits_for_a_full_pipe() -> None:
    """More than a pipe holds goes both ways, and comes back whole and in order."""
    process = Process(["cat"], {}, 512)
    if sys.platform == "linux":
        limits = resource.prlimit(process.pid, resource.RLIMIT_AS)
        assert limits == (512 << 20, 512 << 20)
    lines = [bytes((number,)) * 300_000 + b"\n" for number in range(32, 36)]
    for line in lines:
        process.send(line)
    assert [process.receive(20) for _ in lines] == lines
    assert process.receive(0) is None
    assert process.end() == 0


def test_what_is_written_to_the_dead_is_lost() -> None:
    """Writing to a process that ended is no error; reading says that it ended, after
    its last line."""
    process = Process(["sh", "-c", "exec 0<&-; echo last; echo why >&2"], {})
    assert process.receive(20) == b"last\n"
    with pytest.raises(EndedError):
        process.receive(20)
    process.send(bytes(1_000_000))
    process.send(b"more")
    assert process.end() == 0
    assert process.tail == "why"


def test_what_does_not_end_is_killed() -> None:
    """A process that ignores its closed input is killed, with what it started."""
    process = Process(["sh", "-c", "cat; exec tail -f /dev/null"], {})
    process.send(bytes(1_000_000))
    assert process.end(0.05) == -9


def test_an_endless_line_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no line end is handed over as it is, once it is too long to be ours."""
    monkeypatch.setattr("harness.target.process._LONGEST", 1000)
    process = Process(["sh", "-c", "printf %2000d 1; cat"], {})
    line = process.receive(20)
    assert line is not None
    assert len(line) > 1000
    process.end()
