"""Encodings that are a little wrong: in an octet, or in their structure."""

import random
from typing import Final

from harness.pki import der
from harness.pki.ber import header

_TAGS: Final = bytes.fromhex(
    "00 01 02 03 04 05 06 0a 0c 10 11 13 14 16 17 18 1c 1e 1f 22 24 30 31"
    "7f 80 81 82 83 84 86 87 88 a0 a1 a2 a3 a4 ff"
)

Node = list[object]
"""An identifier octet, and content octets or a list of nodes."""


def _parsed(data: bytes, at: int, end: int) -> list[Node]:
    nodes: list[Node] = []
    while at < end:
        octet, start, stop = header(data, at, end)
        content: object = data[start:stop]
        if octet & 0x20 or octet == der.OCTET_STRING:
            try:
                content = _parsed(data, start, stop)
            except ValueError:
                content = data[start:stop]
        nodes.append([octet, content])
        at = stop
    return nodes


def _all(nodes: list[Node]) -> list[Node]:
    found = list(nodes)
    for _, content in nodes:
        if isinstance(content, list):
            found += _all(content)
    return found


def _written(node: Node) -> bytes:
    octet, content = node
    assert isinstance(octet, int)
    if isinstance(content, list):
        return der.tlv(octet, b"".join(map(_written, content)))
    assert isinstance(content, bytes)
    return der.tlv(octet, content)


def _change_octets(octets: bytes, chance: random.Random) -> bytes:
    changed = bytearray(octets)
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(4):
            case 0:
                changed.insert(at, chance.choice(_TAGS))
            case 1 if changed:
                del changed[at % len(changed)]
            case _ if changed:
                changed[at % len(changed)] = chance.choice(_TAGS)
            case _:
                pass
    return bytes(changed)


def _change_node(node: Node, others: list[Node], chance: random.Random) -> None:
    octet, content = node
    assert isinstance(octet, int)
    if chance.random() < 0.3:
        node[0] = chance.choice((octet ^ 0x20, chance.choice(_TAGS)))
    elif isinstance(content, bytes):
        node[1] = _change_octets(content, chance)
    elif isinstance(content, list):
        match chance.randrange(4):
            case 0 if content:
                del content[chance.randrange(len(content))]
            case 1 if content:
                content.append(list(chance.choice(content)))
            case 2:
                leaf = [other for other in others if isinstance(other[1], bytes)]
                content.insert(0, list(chance.choice(leaf)))
            case _:
                chance.shuffle(content)


def misshapen(encoding: bytes, seed: int) -> bytes:
    """The encoding with one element of its structure changed, all lengths right."""
    chance = random.Random(seed)  # noqa: S311  # tests want repetition, not secrecy
    nodes = _parsed(encoding, 0, len(encoding))
    others = _all(nodes)
    _change_node(chance.choice(others), others, chance)
    return b"".join(map(_written, nodes))


def damaged(encoding: bytes, seed: int) -> bytes:
    """The encoding with octets changed, gone, or put in, lengths as they were."""
    chance = random.Random(seed)  # noqa: S311  # tests want repetition, not secrecy
    if chance.random() < 0.1:
        return encoding[: chance.randrange(len(encoding))]
    return _change_octets(encoding, chance)
