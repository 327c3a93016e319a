"""The tree of valid policies, as far as its size matters (RFC 5280, 6.1.2).

Source: ``tree_evaluate``, ``tree_prune`` (pcy_tree.c), ``ossl_policy_level_add_node``,
``ossl_policy_node_match`` (pcy_node.c).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

ANY_POLICY: Final = "2.5.29.32.0"


class TreeTooLargeError(Exception):
    """The tree has as many nodes as are allowed, and wants one more."""


@dataclass(slots=True, eq=False)
class Data:
    """``X509_POLICY_DATA``: a policy of a certificate."""

    policy: str
    listed: bool = False
    """certificatePolicies has it, not just a mapping from anyPolicy."""
    mapped: bool = False
    """``POLICY_DATA_FLAG_MAP_MASK``."""
    wants_all: bool = False
    """``POLICY_DATA_FLAG_MAPPED``."""
    expected: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Node:
    """``X509_POLICY_NODE``."""

    data: Data
    parent: "Node | None" = None
    children: int = 0


@dataclass(slots=True, eq=False)
class Level:
    """``X509_POLICY_LEVEL``: one certificate's policies, and the nodes made of them."""

    policies: Sequence[Data]
    inhibit_any: bool = False
    inhibit_map: bool = False
    nodes: list[Node] = field(default_factory=list)
    any: Node | None = None

    def matches(self, node: Node, policy: str) -> bool:
        """``ossl_policy_node_match``: whether a node of this level goes on so."""
        if self.inhibit_map or not node.data.mapped:
            return node.data.policy == policy
        return policy in node.data.expected


class _Tree:
    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._count = 0

    def node(self, data: Data, parent: Node | None) -> Node:
        """``ossl_policy_level_add_node``; what is pruned still counts."""
        if self._limit is not None and self._count >= self._limit:
            raise TreeTooLargeError
        self._count += 1
        if parent is not None:
            parent.children += 1
        return Node(data, parent)

    def link(self, last: Level, level: Level) -> None:
        """``tree_link_nodes``: each policy under every node that expects it."""
        for data in level.policies:
            parents = [node for node in last.nodes if last.matches(node, data.policy)]
            if not parents and last.any is not None:
                parents = [last.any]
            level.nodes += [self.node(data, parent) for parent in parents]

    def link_any(self, last: Level, level: Level) -> None:
        """``tree_link_any``: anyPolicy stands for what found no match."""
        for node in last.nodes:
            self._link_unmatched(last, level, node)
        if last.any is not None:
            level.any = self.node(Data(ANY_POLICY), last.any)

    def _link_unmatched(self, last: Level, level: Level, node: Node) -> None:
        if last.inhibit_map or not node.data.wants_all:
            if not node.children:
                level.nodes.append(self.node(Data(node.data.policy), node))
            return
        expected = node.data.expected
        if node.children == len(expected):
            return
        for policy in expected:
            if not any(
                other.parent is node and other.data.policy == policy
                for other in level.nodes
            ):
                level.nodes.append(self.node(Data(policy), node))


def _without(level: Level, gone: set[Node]) -> None:
    for node in gone:
        assert node.parent is not None  # only the anchor's anyPolicy has none
        node.parent.children -= 1
    level.nodes = [node for node in level.nodes if node not in gone]


def _prune(levels: Sequence[Level], at: int) -> bool:
    """``tree_prune``: nodes without children go, from this level up. Whether any
    policy is left."""
    level = levels[at]
    if level.inhibit_map:
        _without(level, {node for node in level.nodes if node.data.mapped})
    for above in reversed(levels[:at]):
        _without(above, {node for node in above.nodes if not node.children})
        if above.any is not None and not above.any.children:
            if above.any.parent is not None:
                above.any.parent.children -= 1
            above.any = None
    return levels[0].any is not None


def grow(below: Sequence[Level], limit: int | None) -> None:
    """``tree_evaluate`` of these levels, the one under the anchor first.

    Raises ``TreeTooLargeError`` beyond ``limit`` nodes, anchor's and pruned ones
    included; None is no limit.
    """
    tree = _Tree(limit)
    top = Level(())
    top.any = tree.node(Data(ANY_POLICY), None)
    levels = [top, *below]
    for at in range(1, len(levels)):
        last, level = levels[at - 1], levels[at]
        tree.link(last, level)
        if not level.inhibit_any:
            tree.link_any(last, level)
        if not _prune(levels, at):
            return
