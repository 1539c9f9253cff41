# SPDX-License-Identifier: Apache-2.0
"""The Merkle tree of RFC 6962; docs/formats.md, "Tree"."""

from hashlib import sha256

from .profile import Refused

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf):
    """Hash of one leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left, right):
    """Hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def _split(size):
    """The largest power of two below size."""
    return 1 << ((size - 1).bit_length() - 1)


def root_of(hashes):
    """The root over leaf hashes."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    half = _split(len(hashes))
    return node_hash(root_of(hashes[:half]), root_of(hashes[half:]))


def path_of(hashes, index):
    """PATH of RFC 6962 for a leaf, from the leaf upwards."""
    if len(hashes) == 1:
        return b""
    half = _split(len(hashes))
    if index < half:
        return path_of(hashes[:half], index) + root_of(hashes[half:])
    return path_of(hashes[half:], index - half) + root_of(hashes[:half])


def check_path(leaf, index, size, path, root):
    """Refuses unless the path leads from a leaf hash to the root."""
    if index >= size:
        raise Refused("bad-proof", "index")
    pieces = [path[at:at + 32] for at in range(0, len(path), 32)]
    if _climb(leaf, index, size, pieces) != root or pieces:
        raise Refused("bad-proof")


def _climb(leaf, index, size, pieces):
    """Takes its pieces off the end of the path and returns the root that follows."""
    if size == 1:
        return leaf
    if not pieces:
        raise Refused("bad-proof", "too few hashes")
    top = pieces.pop()
    half = _split(size)
    if index < half:
        return node_hash(_climb(leaf, index, half, pieces), top)
    return node_hash(top, _climb(leaf, index - half, size - half, pieces))
