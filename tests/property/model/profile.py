# SPDX-License-Identifier: Apache-2.0
"""The profile of MessagePack: four types, one encoding each; docs/formats.md, "Profile"."""

DEPTH_MAX = 4


class Refused(Exception):
    """An input is turned down, with one of the codes of docs/formats.md."""

    def __init__(self, code, where=""):
        super().__init__(f"{code} {where}".strip())
        self.code = code


# First byte and bytes of a number or length, shortest first.
_UINT = ((0xCC, 1), (0xCD, 2), (0xCE, 4), (0xCF, 8))
_BIN = ((0xC4, 1), (0xC5, 2), (0xC6, 4))
_STR = ((0xD9, 1), (0xDA, 2), (0xDB, 4))
_ARRAY = ((0xDC, 2), (0xDD, 4))
# Most of what a digest is over.
_SMALL = [bytes([number]) for number in range(128)]


def _head(number, small, small_limit, forms):
    """The shortest head of a number or length; one below the limit is in the first byte."""
    if number < small_limit:
        return _SMALL[number] if small == 0 else bytes([small + number])
    for first, size in forms:
        if number < 1 << (8 * size):
            return bytes([first]) + number.to_bytes(size, "big")
    raise Refused("out-of-range")


def pack(value):
    """Encodes an int, bytes, str or list."""
    if isinstance(value, (list, tuple)):
        return _head(len(value), 0x90, 16, _ARRAY) + b"".join([
            _SMALL[item] if type(item) is int and 0 <= item < 128 else pack(item)
            for item in value])
    if isinstance(value, bytes):
        return _head(len(value), 0, 0, _BIN) + value
    if isinstance(value, str):
        data = value.encode()
        return _head(len(data), 0xA0, 32, _STR) + data
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused("wrong-type", type(value).__name__)
    if value < 0:
        raise Refused("out-of-range")
    return _head(value, 0, 128, _UINT)


_FORMS = {
    0xC4: ("bin", 1, 0), 0xC5: ("bin", 2, 256), 0xC6: ("bin", 4, 65536),
    0xCC: ("uint", 1, 128), 0xCD: ("uint", 2, 256), 0xCE: ("uint", 4, 65536),
    0xCF: ("uint", 8, 1 << 32),
    0xD9: ("str", 1, 32), 0xDA: ("str", 2, 256), 0xDB: ("str", 4, 65536),
    0xDC: ("array", 2, 16), 0xDD: ("array", 4, 65536),
}


class _Reader:
    """Reads values one after the other and refuses what has another encoding."""

    def __init__(self, data, depth_max=DEPTH_MAX):
        self.data = data
        self.at = 0
        self.depth_max = depth_max

    def take(self, size):
        """The next bytes."""
        if len(self.data) - self.at < size:
            raise Refused("truncated", f"at {self.at}")
        piece = self.data[self.at:self.at + size]
        self.at += size
        return piece

    def head(self):
        """Type and number or length of the next value."""
        first = self.take(1)[0]
        if first < 0x80:
            return "uint", first
        if 0x90 <= first <= 0x9F:
            return "array", first - 0x90
        if 0xA0 <= first <= 0xBF:
            return "str", first - 0xA0
        if first not in _FORMS:
            raise Refused("wrong-type", f"at {self.at - 1}")
        kind, size, least = _FORMS[first]
        number = int.from_bytes(self.take(size), "big")
        if number < least:
            raise Refused("not-shortest", f"at {self.at}")
        return kind, number

    def value(self, depth):
        """The next value, with all that it holds."""
        kind, number = self.head()
        if kind == "uint":
            return number
        if kind == "bin":
            return self.take(number)
        if kind == "str":
            try:
                return self.take(number).decode("utf-8")
            except UnicodeDecodeError as error:
                raise Refused("not-utf8", f"at {self.at}") from error
        if depth >= self.depth_max:
            raise Refused("too-deep", f"at {self.at}")
        if number > len(self.data) - self.at:
            raise Refused("truncated", f"at {self.at}")
        return [self.value(depth + 1) for _ in range(number)]


def unpack_first(data):
    """The first value of the bytes and how many bytes it takes."""
    reader = _Reader(data)
    value = reader.value(0)
    return value, reader.at


def unpack(data):
    """The one value that the bytes are."""
    value, size = unpack_first(data)
    if size != len(data):
        raise Refused("trailing-bytes", f"at {size}")
    return value


def unpack_deep(data):
    """What a digest is over, which nobody else reads."""
    return _Reader(data, 8).value(0)
