"""Weights among alternatives."""

from typing import TypeVar

from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


def times(count: int, strategy: SearchStrategy[T]) -> list[SearchStrategy[T]]:
    """So many strategies that draw as this one: of one that stands there several times
    ``one_of`` would keep one."""
    return [strategy.map(lambda drawn: drawn) for _ in range(count)]
