"""How far a page lies turned, told by a small network of our own from squares of ink; docs/adr/0021 says why.

The network looks at one square at a time, a character or two, and says how likely the page lies turned by 0, 90, 180 or
270 degrees clockwise. The squares vote. bench/turning makes `turns.bin` anew and measures the rates.
"""

import math
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from operator import mul
from pathlib import Path

SIDE = 16  # pixels of a square, each way
MOST = 96  # squares that vote
_ROUND = 24  # squares after which the vote is counted
LEAST = 24  # squares without which nothing is said
_CLEAR = 0.25  # how much likelier, as a mean of logarithms over the squares, one turn must be than each other
_KNOWING = -1.3  # the least such mean of the turn itself; the logarithm of a quarter, -1.39, is to know nothing
_UPRIGHT, _ENOUGH = 0.3, 0.5  # how much likelier upright, or another turn, must be for the vote to end early


@cache
def _network() -> tuple[float, list[tuple[list[Sequence[float]], Sequence[float]]]]:
    """The scale of the first layer's weights, and of each layer the weights of its units, and their biases.

    The file: how many layers lie between squares and answer, and their sizes, a byte each; the first one's weights as
    signed bytes; then numbers of four bytes, the lower first: the scale, all biases, the other weights.
    """
    data = (Path(__file__).parent / "turns.bin").read_bytes()
    sizes = [SIDE * SIDE, *data[1 : data[0] + 1], 4]
    split = data[0] + 1 + sizes[0] * sizes[1]
    # Tuples: their numbers are made once, those of an array at every use.
    small, rest = tuple(array("b", data[data[0] + 1 : split])), tuple(array("f", data[split:]))
    weights: list[list[Sequence[float]]] = [[small[n * sizes[0] : (n + 1) * sizes[0]] for n in range(sizes[1])]]
    biases, at = [], 1
    for size in sizes[1:]:
        biases.append(rest[at : at + size])
        at += size
    for wide, size in pairwise(sizes[1:]):
        weights.append([rest[at + n * wide : at + (n + 1) * wide] for n in range(size)])
        at += wide * size
    return rest[0], list(zip(weights, biases, strict=True))


def _likelihoods(square: bytes) -> list[float]:
    """The logarithms of how likely the page of this square lies turned by 0, 90, 180, 270 degrees."""
    scale, layers = _network()
    even, found = scale / max(square), list[float](square)
    for after, (weights, biases) in enumerate(layers, start=1):
        found = [even * sum(map(mul, row, found)) + bias for row, bias in zip(weights, biases, strict=True)]
        if after < len(layers):
            found, even = [max(0.0, each) for each in found], 1.0
    top = max(found)
    whole = top + math.log(sum(math.exp(each - top) for each in found))
    return [each - whole for each in found]


def votes(squares: Sequence[bytes]) -> Iterator[list[float]]:
    """After each round of squares the mean logarithm for each turn."""
    sums = [0.0] * 4
    for asked, square in enumerate(squares[:MOST], start=1):
        sums = [one + more for one, more in zip(sums, _likelihoods(square), strict=True)]
        if asked % _ROUND == 0 or asked == min(len(squares), MOST):
            yield [each / asked for each in sums]


def turned(squares: Sequence[bytes]) -> int:
    """By how many degrees clockwise the page of these squares of ink (16 by 16 levels, 0 for paper) lies turned; 0 as
    well when the vote is not clear."""
    if len(squares) < LEAST:
        return 0
    for means in votes(squares):
        best = max(range(4), key=means.__getitem__)
        lead = means[best] - max(each for turn, each in enumerate(means) if turn != best)
        if lead > (_ENOUGH if best else _UPRIGHT):
            break
    return best * 90 if lead > _CLEAR and means[best] > _KNOWING else 0
