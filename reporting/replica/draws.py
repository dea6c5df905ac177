r"""The published draw rule: every random number follows from a seed and a name.

Belongs here: the counter-based generator and the stratified streams. What the numbers do to
prices is in `prices`.

A stream is named by (seed, kind, name), so that adding an event or a group never moves the
draws of another. The generator is Philox4x64-10 (Salmon, Moraes, Dror and Shaw, "Parallel random
numbers: as easy as 1, 2, 3", SC 2011, constants of Random123):

- key: the first 16 bytes of SHA-256 of the UTF-8 text ``seed \\n kind \\n name`` (no spaces),
  as two little-endian 64-bit integers;
- block 1 is computed at counter (1, 0, 0, 0), block 2 at (2, 0, 0, 0), and so on; each gives
  four 64-bit words, used in order;
- draw s of S is (rank + part) / S: rank, from 0, of word s among the first S words, ties in their
  order; part = ((word S + s >> 11) + 1/2) / 2**53; at most 1 - 2**-53.

So each of the S equal parts of (0, 1) has one draw, and jumps are counted exactly.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import count, islice

from reporting.replica.normal import quantile

KINDS = ("F", "U", "eps", "eta", "theta", "info")
"""Group factor, uniform of a cluster, factor of an ordered event, signals of an unordered event
(named event, line break, signal), its hidden outcome, and the uniform of an event's lumps."""

MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
WEYL_STEPS = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
ROUNDS = 10
WORD = 2**64
MAX_UNIFORM = 1 - 2.0**-53


def philox_block(counter: Sequence[int], key: Sequence[int]) -> tuple[int, int, int, int]:
    """Four 64-bit words of Philox4x64-10 at a counter of four words under a key of two."""
    a, b, c, d = counter
    key_0, key_1 = key
    for _ in range(ROUNDS):
        product_0 = MULTIPLIERS[0] * a
        product_1 = MULTIPLIERS[1] * c
        a, b, c, d = (
            (product_1 // WORD) ^ b ^ key_0,
            product_1 % WORD,
            (product_0 // WORD) ^ d ^ key_1,
            product_0 % WORD,
        )
        key_0 = (key_0 + WEYL_STEPS[0]) % WORD
        key_1 = (key_1 + WEYL_STEPS[1]) % WORD
    return a, b, c, d


def stream_key(seed: int | str, kind: str, name: str) -> tuple[int, int]:
    """The key of one stream. Raises ValueError for a kind that is not in KINDS."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of stream; one of {', '.join(KINDS)}")
    digest = hashlib.sha256(f"{seed}\n{kind}\n{name}".encode()).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")


def words_of_key(key: Sequence[int]) -> Iterator[int]:
    """The endless words of a key: what ``numpy.random.Philox(key=key).random_raw`` gives."""
    for number in count(1):
        counter = (number % WORD, number // WORD, 0, 0)
        yield from philox_block(counter, key)


def stratified(words: Sequence[int]) -> list[float]:
    """S draws from 2 S words, one in each S-th part of (0, 1)."""
    scenarios = len(words) // 2
    in_order = sorted(range(scenarios), key=lambda s: words[s])
    draws = [0.0] * scenarios
    for rank, s in enumerate(in_order):
        part = ((words[scenarios + s] >> 11) + 0.5) / 2**53
        draws[s] = min((rank + part) / scenarios, MAX_UNIFORM)
    return draws


def uniforms(seed: int | str, kind: str, name: str, scenarios: int) -> list[float]:
    """The stream as uniforms, one per scenario."""
    words = words_of_key(stream_key(seed, kind, name))
    return stratified(list(islice(words, 2 * scenarios)))


def normals(seed: int | str, kind: str, name: str, scenarios: int) -> list[float]:
    """The stream as standard normals, one per scenario."""
    return [quantile(u) for u in uniforms(seed, kind, name, scenarios)]
