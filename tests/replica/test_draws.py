"""The published draw rule, against the paper's vectors, numpy and scipy."""

import hashlib

import numpy as np
import pytest
from scipy.special import ndtri
from support.calculator_oracle.draws import scenario_set

from reporting.replica import draws

ALL_ONES = 2**64 - 1
KNOWN_ANSWERS = [
    # Random123 distribution, kat_vectors, philox4x64-10: counter, key, words.
    (
        (0, 0, 0, 0),
        (0, 0),
        (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B),
    ),
    (
        (ALL_ONES,) * 4,
        (ALL_ONES,) * 2,
        (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
    ),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x452821E638D01377, 0xBE5466CF34E90C6C),
        (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN_ANSWERS)
def test_philox_gives_the_known_answers(counter, key, words):
    assert draws.philox_block(counter, key) == words


@pytest.mark.parametrize("name", ["", "KXHIGHNY-26NOV23", "Überschuß", "a\nb"])
@pytest.mark.parametrize("kind", draws.KINDS)
def test_a_stream_is_stratified_philox_under_the_hashed_key(kind, name):
    """Against numpy: the rank of word s of the first eleven, and the bits of word 11 + s."""
    digest = hashlib.sha256(f"42\n{kind}\n{name}".encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8")
    raw = np.random.Philox(key=key).random_raw(22)
    rank = np.argsort(np.argsort(raw[:11], kind="stable"), kind="stable")
    part = ((raw[11:] >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53
    uniforms = (rank + part) / 11
    assert draws.stream_key(42, kind, name) == tuple(key.tolist())
    assert draws.uniforms(42, kind, name, 11) == uniforms.tolist()
    assert draws.normals(42, kind, name, 11) == pytest.approx(ndtri(uniforms).tolist(), rel=1e-13)


def test_stratification_by_hand():
    """Words 9, 4, 9 rank 1, 0, 2, ties in their order; parts 2**-54, 1/2 and the largest."""
    words = [9, 4, 9, 0, 2**63, ALL_ONES]
    expected = [(1 + 2.0**-54) / 3, 0.5 / 3, 1 - 2.0**-53]
    assert draws.stratified(words) == pytest.approx(expected, rel=1e-15)
    assert max(draws.stratified(words)) <= 1 - 2.0**-53
    assert draws.stratified([0, ALL_ONES]) == [1 - 2.0**-53]


def test_every_stratum_has_one_draw():
    uniforms = draws.uniforms("run 1", "U", "c", 1000)
    assert sorted(int(u * 1000) for u in uniforms) == list(range(1000))
    # In no order of strata: the first half has about as many below the middle.
    assert 200 < sum(u < 0.5 for u in uniforms[:500]) < 300


def test_normals_look_like_it():
    normals = np.array(draws.normals("run 1", "eps", "e", 4000))
    assert abs(normals.mean()) < 0.001
    assert abs(normals.std() - 1) < 0.005


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="'G' is no kind"):
        draws.uniforms(1, "G", "x", 1)


def test_another_event_or_strike_changes_no_draw():
    one = scenario_set(7, ["g"], ["c"], ["a"], {"b": ["x", "none"]}, 5)
    two = scenario_set(7, ["h", "g"], ["c", "d"], ["z", "a"], {"b": ["x", "y", "none"]}, 5)
    for kind, name in [("F", "g"), ("U", "c"), ("eps", "a"), ("theta", "b"), ("info", "a")]:
        assert one[kind][name] == two[kind][name]
    assert one["eta"]["b"] == [two["eta"]["b"][0], two["eta"]["b"][2]]
