"""python -m bench.turning draw|learn|measure FOLDER [FONTS…]: makes the network of documents/turns.py anew.

`draw` cuts squares from pages drawn with the fonts, `learn` writes turns.bin from them, `measure` prints the rates over
other pages. Fonts are files, of a collection with its place: NotoSansCJK-Regular.ttc#2.
"""

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from multiprocessing import Pool
from pathlib import Path
from random import Random

import numpy as np

from bench.turning.drawing import DUMB, WRITTEN, drawn, latin, listing, table
from bole.documents import images, turns

UNITS = [int(each) for each in os.environ.get("UNITS", "128,64").split(",")]
TIMES, LOT = int(os.environ.get("TIMES", "80")), 512
PAGES = int(os.environ.get("PAGES", "3200"))
KINDS = (*WRITTEN, *WRITTEN, latin, latin, listing, table, *DUMB)
_Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def _squares(asked: tuple[int, Sequence[str]]) -> bytes:
    seed, faces = asked
    dice = Random(seed)
    page = drawn(KINDS[seed % len(KINDS)], dice, faces)
    turn = dice.randrange(4)
    found = images.squares(images.in_grey(images.turned(page, turn * 90)))
    # Turned back, so that each square is learned in all four ways.
    return b"".join(np.rot90(np.frombuffer(one, np.uint8).reshape(16, 16), turn).tobytes() for one in found[:64])


def draw(folder: Path, faces: Sequence[str]) -> None:
    """Squares of upright pages, into one file."""
    with Pool(2) as pool:
        whole = b"".join(pool.imap(_squares, ((seed, faces) for seed in range(PAGES)), 8))
    (folder / "squares.bin").write_bytes(whole)
    print(len(whole) // 256, "squares")


def _lot(squares: _Floats, dice: np.random.Generator) -> tuple[_Floats, np.ndarray]:
    """Squares, moved by a pixel, turned by dice; and how far."""
    turn = dice.integers(0, 4, len(squares))
    squares = np.roll(squares, tuple(dice.integers(-1, 2, 2)), (1, 2))
    for each in range(1, 4):
        squares[turn == each] = np.rot90(squares[turn == each], -each, (1, 2))
    flat = squares.reshape(len(squares), -1)
    flat = flat + dice.normal(0, 0.03, flat.shape).astype(np.float32)
    return flat, turn


def learn(folder: Path) -> None:
    """Adam on the cross entropy of layers with nothing below zero between them; some are kept apart to look at."""
    dice = np.random.default_rng(1)
    squares = np.frombuffer((folder / "squares.bin").read_bytes(), np.uint8).reshape(-1, 16, 16)
    squares = squares[dice.permutation(len(squares))]
    squares = squares / squares.max((1, 2), keepdims=True).astype(np.float32)
    apart, squares = squares[: len(squares) // 20], squares[len(squares) // 20 :]
    sizes = list(pairwise((256, *UNITS, 4)))
    parts = [dice.normal(0, (1.5 / wide) ** 0.5, (wide, high)).astype(np.float32) for wide, high in sizes]
    parts += [np.zeros(high, np.float32) for _, high in sizes]
    firsts, seconds, step = [np.zeros_like(p) for p in parts], [np.zeros_like(p) for p in parts], 0
    steps = TIMES * (len(squares) // LOT)
    for time in range(TIMES):
        order = dice.permutation(len(squares))
        for at in range(0, len(order) - LOT, LOT):
            flat, turn = _lot(squares[order[at : at + LOT]], dice)
            step += 1
            pace = 0.003 * (1 - step / (steps + 1))
            for part, slope, first, second in zip(parts, _slopes(parts, flat, turn), firsts, seconds, strict=True):
                first[...] += 0.1 * (slope - first)
                second[...] += 0.001 * (slope * slope - second)
                part[...] -= pace * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        flat, turn = _lot(apart.copy(), np.random.default_rng(2))
        told = _soft(_layers(parts, flat)[-1])
        loss = -np.log(told[np.arange(len(turn)), turn]).mean()
        print(f"{time}: {(told.argmax(1) == turn).mean():.3f} right, {loss:.3f}", flush=True)
    _write(parts[: len(sizes)], parts[len(sizes) :])


def _layers(parts: list[_Floats], flat: _Floats) -> list[_Floats]:
    found, last = [flat], len(parts) // 2 - 1
    for at in range(last + 1):
        raw = found[-1] @ parts[at] + parts[last + 1 + at]
        found.append(np.maximum(raw, 0) if at < last else raw)
    return found


def _slopes(parts: list[_Floats], flat: _Floats, turn: np.ndarray) -> list[_Floats]:
    found, count = _layers(parts, flat), len(parts) // 2
    wrong = _soft(found[-1])
    wrong[np.arange(len(turn)), turn] -= 1
    wrong /= len(turn)
    slopes = [np.zeros(0, np.float32)] * len(parts)
    for at in reversed(range(count)):
        slopes[at], slopes[count + at] = found[at].T @ wrong + 1e-5 * parts[at], wrong.sum(0)
        wrong = (wrong @ parts[at].T) * (found[at] > 0)
    return slopes


def _write(weights: list[_Floats], biases: list[_Floats]) -> None:
    """The sizes of the layers; the first one's weights as bytes; their scale, all biases, the other weights."""
    scale = np.abs(weights[0]).max() / 127
    sizes = bytes([len(UNITS), *UNITS])
    first = np.round(weights[0] / scale).astype(np.int8).T.tobytes()
    rest = np.concatenate([[scale], *biases, *(each.T.ravel() for each in weights[1:])]).astype("<f4").tobytes()
    Path(turns.__file__).with_name("turns.bin").write_bytes(sizes + first + rest)


def _soft(raw: _Floats) -> _Floats:
    even = np.exp(raw - raw.max(1, keepdims=True))
    return even / even.sum(1, keepdims=True)


def _voted(asked: tuple[int, Sequence[str]]) -> list[tuple[str, int, int]]:
    """A page in its four turns: its kind, how it was turned, how it was said to lie."""
    seed, faces = asked
    kind, dice = KINDS[seed % len(KINDS)], Random(seed)
    page, found = drawn(kind, dice, faces), []
    for turn in range(0, 360, 90):
        squares = images.squares(images.in_grey(images.turned(page, turn)))
        found.append((kind.__name__, turn, turns.turned(squares)))
    return found


def measure(faces: Sequence[str]) -> None:
    """False warnings on upright pages, turned pages found, and turned pages called turned in another way; by kind."""
    with Pool(2) as pool:
        rows = [row for some in pool.imap(_voted, ((10**6 + n, faces) for n in range(PAGES)), 4) for row in some]
    for kind in sorted({kind for kind, _, _ in rows}):
        mine = [(turn, told) for each, turn, told in rows if each == kind]
        false = sum(told != 0 for turn, told in mine if turn == 0)
        found = sum(told == turn for turn, told in mine if turn)
        wrong = sum(told not in (0, turn) for turn, told in mine if turn)
        pages = len(mine) // 4
        print(f"{kind:12} false {false} of {pages}, found {found / pages / 3:.1%} of {pages * 3}, wrong {wrong}")


if __name__ == "__main__":
    what, folder, fonts = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    if what == "draw":
        draw(folder, fonts)
    elif what == "learn":
        learn(folder)
    else:
        measure(fonts)
