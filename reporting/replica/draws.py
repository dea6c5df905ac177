r"""The published draw rule: every random number follows from a seed and a name.

Belongs here: the counter-based generator, the streams, the scenario set that they make.
What the numbers do to prices is in `prices`.

A stream is named by (seed, kind, name), so that adding an event or a group never moves
the draws of another. The generator is Philox4x64-10 (Salmon, Moraes, Dror and Shaw,
"Parallel random numbers: as easy as 1, 2, 3", SC 2011, constants of Random123):

- key: the first 16 bytes of SHA-256 of the UTF-8 text ``seed \\n kind \\n name`` (no
  spaces), as two little-endian 64-bit integers;
- block 1 is computed at counter (1, 0, 0, 0), block 2 at (2, 0, 0, 0), and so on; each
  gives four 64-bit words, used in order;
- word x gives the uniform ``((x >> 11) + 0.5) / 2**53`` in float64, half-even;
- the uniform u gives the standard normal ``inverse normal cdf (u)``.

Interpretation where the rule is open:

- float64 rounds ``k + 0.5`` to an even integer from k = 2**52 on. For the single largest
  k, 2**53 - 1, that makes the uniform 1.0, which has no normal and is no uniform below 1.
  That one value, of probability 2**-53, is taken as 1 - 2**-53 instead.
- A normal belongs to its scenario: where the first scenarios take a stress value, their
  normals are passed over, and scenario s still takes normal s.
- The same holds for the uniforms that choose stress values.
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count, islice
from statistics import NormalDist

KINDS = ("F", "F-stress", "FJ", "U", "eps", "xi")
"""Group factor, its choice of stress value, group factor of jumps, uniform of a cluster,
own shocks of an event's states, own jump factor of an event."""

MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
WEYL_STEPS = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
ROUNDS = 10
WORD = 2**64
MAX_UNIFORM = 1 - 2.0**-53

STANDARD_NORMAL = NormalDist()


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


def uniform_from_word(word: int) -> float:
    """A 64-bit word as a number strictly between 0 and 1."""
    return min(((word >> 11) + 0.5) / 2**53, MAX_UNIFORM)


def uniforms(seed: int | str, kind: str, name: str, count: int) -> list[float]:
    """The first ``count`` uniforms of a stream."""
    words = islice(words_of_key(stream_key(seed, kind, name)), count)
    return [uniform_from_word(word) for word in words]


def normals(seed: int | str, kind: str, name: str, count: int) -> list[float]:
    """The first ``count`` standard normals of a stream."""
    return [STANDARD_NORMAL.inv_cdf(u) for u in uniforms(seed, kind, name, count)]


def stress_count(scenarios: int, stress_share: float | str) -> int:
    """How many scenarios take a stress value: ceil(share x S), without rounding error.

    The share is read as the decimal that it prints as: 0.07 of 100 is 7, not 8.
    Raises ValueError outside 0..1.
    """
    share = Fraction(str(stress_share))
    if not 0 <= share <= 1:
        raise ValueError(f"the stress share {stress_share} is not within 0 and 1")
    return math.ceil(share * scenarios)


def group_factor(
    seed: int | str,
    group: str,
    scenarios: int,
    stress_share: float | str = 0,
    stress_values: Sequence[float] = (),
) -> list[float]:
    """F of one group, one value per scenario, in standard deviations.

    The first ceil(stress_share x S) values come from the published ``stress_values``,
    number floor(u x their count) for the scenario's own uniform. Raises ValueError when
    stress values are asked for and the list is empty.
    """
    factor = normals(seed, "F", group, scenarios)
    stressed = stress_count(scenarios, stress_share)
    if stressed and not stress_values:
        raise ValueError("a stress share above 0 needs a list of stress values")
    for scenario, u in enumerate(uniforms(seed, "F-stress", group, stressed)):
        factor[scenario] = float(stress_values[math.floor(u * len(stress_values))])
    return factor


def state_shocks(seed: int | str, event: str, states: int, scenarios: int) -> list[list[float]]:
    """Draws eps of one event, states x scenarios: all scenarios of state 0 first, then state 1."""
    flat = normals(seed, "eps", event, states * scenarios)
    return [flat[state * scenarios : (state + 1) * scenarios] for state in range(states)]
