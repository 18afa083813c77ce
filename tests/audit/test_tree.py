"""The Merkle tree against the published vectors of RFC 6962/9162 implementations."""

import pytest

from bole.audit.tree import EMPTY, Tree, leaf, node

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_published_vectors(size):
    tree = Tree()
    for text in LEAVES[:size]:
        tree.add(leaf(bytes.fromhex(text)))
    assert tree.root().hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert Tree().root() == EMPTY


def recursive(leaves: list[bytes]) -> bytes:
    """The definition in RFC 9162 §2.1.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(recursive(leaves[:split]), recursive(leaves[split:]))


@pytest.mark.parametrize("size", [*range(1, 40), 127, 128, 129])
def test_growing_equals_the_recursive_definition_and_can_be_resumed(size):
    leaves = [leaf(str(number).encode()) for number in range(size)]
    tree = Tree()
    for number, hashed in enumerate(leaves):
        if number == size // 2:
            tree = Tree(tree.size, tree.peaks)
        tree.add(hashed)
    assert tree.root() == recursive(leaves)
