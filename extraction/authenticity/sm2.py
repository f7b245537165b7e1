"""SM2 signature verification, GB/T 32918.2 on the curve of GB/T 32918.5. Public keys only: nothing secret is handled.

Plain integers, because of what the registries offer: pure-Python libraries take 0.1–0.2 s for one signature and an OFD
has two; the compiled ones are unkept or lack wheels for some platforms. Checked against the standard's own example and
against an independent library in the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, zip_longest

from cryptography.hazmat.primitives import hashes

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
WINDOW = 5  #: bits of a scalar worked on together
_HALF = 1 << 128
DEFAULT_ID = b"1234567812345678"  #: GB/T 35276: signer's identity where nothing else was agreed

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]  #: (x·z², y·z³, z); z = 0 is the point at infinity
_INFINITY: Jacobian = (1, 1, 0)


def verify(public_key: bytes, message: bytes, r: int, s: int, identity: bytes = DEFAULT_ID) -> bool:
    """Whether (r, s) is the signature of `message` under `public_key` (65 bytes, 04 ‖ x ‖ y).

    Raises ValueError for what is no point of the curve.
    """
    point = decode_point(public_key)
    if not (1 <= r < N and 1 <= s < N):
        return False
    t = (r + s) % N
    if t == 0:
        return False
    x, _, z = _sum_of_products(s, t, point)
    if z == 0:
        return False
    digest = int.from_bytes(_sm3(identity_hash(point, identity) + message), "big")
    return (digest + x * pow(z, -2, P) % P) % N == r


def decode_point(public_key: bytes) -> Affine:
    if len(public_key) != 65 or public_key[0] != 4:
        raise ValueError("not an uncompressed point")
    x, y = int.from_bytes(public_key[1:33], "big"), int.from_bytes(public_key[33:], "big")
    if x >= P or y >= P or (y * y - (x * x + A) * x - B) % P:
        raise ValueError("not on the curve")
    return x, y


def identity_hash(point: Affine, identity: bytes) -> bytes:
    """Z of the standard: the signer's identity and key, hashed in front of every message."""
    numbers = b"".join(n.to_bytes(32, "big") for n in (A, B, *G, *point))
    return _sm3((len(identity) * 8).to_bytes(2, "big") + identity + numbers)


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def _sum_of_products(s: int, t: int, point: Affine) -> Jacobian:
    """[s]G + [t]point. The upper and lower halves of both numbers are worked on in one pass over half the bits."""
    multiples = (*_odd_multiples(G), *_odd_multiples(point))
    halves = (s % _HALF, s // _HALF, t % _HALF, t // _HALF)
    total = _INFINITY
    for digits in reversed([*zip_longest(*map(_signed_digits, halves), fillvalue=0)]):
        total = _double(total)
        for digit, odd in zip(digits, multiples, strict=True):
            if digit:
                x, y = odd[abs(digit) >> 1]
                total = _add(total, (x, y if digit > 0 else P - y))
    return total


def _signed_digits(number: int) -> list[int]:
    """Base 2, lowest first, each digit zero or odd and below half of 2^WINDOW: few of them are not zero (the width-w
    non-adjacent form; Hankerson, Menezes, Vanstone, Guide to Elliptic Curve Cryptography, algorithm 3.35)."""
    digits = []
    while number:
        digit = 0
        if number & 1:
            digit = number % (1 << WINDOW)
            digit -= (digit >> WINDOW - 1) << WINDOW
            number -= digit
        digits.append(digit)
        number >>= 1
    return digits


@lru_cache(maxsize=64)  # the generator's, and those of the few keys that seal a house's invoices
def _odd_multiples(point: Affine) -> tuple[tuple[Affine, ...], tuple[Affine, ...]]:
    """1, 3, 5 … times the point, and the same of the point times 2^128."""
    far: Jacobian = (*point, 1)
    for _ in range(_HALF.bit_length() - 1):
        far = _double(far)
    near: Jacobian = (*point, 1)
    twice, far_twice = _affine((_double(near), _double(far)))
    found = [[near], [far]]
    for row, step in zip(found, (twice, far_twice), strict=True):
        for _ in range((1 << WINDOW - 2) - 1):
            row.append(_add(row[-1], step))
    multiples = _affine([*found[0], *found[1]])
    return multiples[: len(found[0])], multiples[len(found[0]) :]


def _affine(points: Sequence[Jacobian]) -> tuple[Affine, ...]:
    """All with one inversion, which costs as much as some forty products."""
    products = [*accumulate((z for _, _, z in points), lambda one, other: one * other % P, initial=1)]
    inverse = pow(products[-1], -1, P)
    found: list[Affine] = []
    for (x, y, z), before in zip(reversed(points), reversed(products[:-1]), strict=True):
        own = inverse * before % P
        inverse = inverse * z % P
        square = own * own % P
        found.append((x * square % P, y * square * own % P))
    return tuple(reversed(found))


def _double(p: Jacobian) -> Jacobian:
    x, y, z = p
    if z == 0:
        return p
    zz, yy = z * z % P, y * y % P
    xyy = x * yy % P
    slope = 3 * (x - zz) * (x + zz) % P  # a = −3
    x3 = (slope * slope - 8 * xyy) % P
    return x3, (slope * (4 * xyy - x3) - 8 * yy * yy) % P, 2 * y * z % P


def _add(p: Jacobian, q: Affine) -> Jacobian:
    x1, y1, z1 = p
    x2, y2 = q
    if z1 == 0:
        return x2, y2, 1
    zz = z1 * z1 % P
    h, r = (x2 * zz - x1) % P, (y2 * z1 * zz - y1) % P
    if h == 0:
        return _double(p) if r == 0 else _INFINITY
    hh = h * h % P
    hhh, v = h * hh % P, x1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - y1 * hhh) % P, z1 * h % P
