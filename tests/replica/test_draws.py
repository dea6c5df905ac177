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
def test_a_stream_is_numpys_philox_under_the_hashed_key(kind, name):
    digest = hashlib.sha256(f"42\n{kind}\n{name}".encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8")
    raw = np.random.Philox(key=key).random_raw(11)
    uniforms = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53
    assert draws.stream_key(42, kind, name) == tuple(key.tolist())
    assert draws.uniforms(42, kind, name, 11) == uniforms.tolist()
    assert draws.normals(42, kind, name, 11) == pytest.approx(ndtri(uniforms).tolist(), rel=1e-13)


def test_uniforms_stay_strictly_between_0_and_1():
    assert draws.uniform_from_word(0) == 2.0**-54
    assert draws.uniform_from_word(ALL_ONES) == 1 - 2.0**-53
    assert draws.uniform_from_word(2**63) == 0.5
    assert draws.STANDARD_NORMAL.inv_cdf(draws.uniform_from_word(ALL_ONES)) > 8


def test_uniforms_and_normals_look_like_it():
    uniforms = np.array(draws.uniforms("run 1", "U", "c", 4000))
    normals = np.array(draws.normals("run 1", "xi", "e", 4000))
    assert abs(uniforms.mean() - 0.5) < 0.02
    assert abs(normals.mean()) < 0.06
    assert abs(normals.std() - 1) < 0.05


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="'G' is no kind"):
        draws.uniforms(1, "G", "x", 1)


@pytest.mark.parametrize(
    ("scenarios", "share", "stressed"),
    [(5000, 0.25, 1250), (10, "0.25", 3), (100, 0.07, 7), (7, 0, 0), (7, 1, 7)],
)
def test_the_number_of_stress_scenarios_is_exact(scenarios, share, stressed):
    assert draws.stress_count(scenarios, share) == stressed


def test_the_first_scenarios_take_stress_values_and_the_others_keep_their_normals():
    values = [-4.0, -3.0, 5.0]
    plain = draws.group_factor(9, "weather", 10)
    mixed = draws.group_factor(9, "weather", 10, 0.25, values)
    choices = draws.uniforms(9, "F-stress", "weather", 3)
    assert mixed[:3] == [values[int(u * 3)] for u in choices]
    assert mixed[3:] == plain[3:]
    assert plain == draws.normals(9, "F", "weather", 10)


@pytest.mark.parametrize(("share", "values"), [(0.25, []), (1.5, [1.0]), (-0.1, [1.0])])
def test_a_stress_share_needs_values_and_lies_within_0_and_1(share, values):
    with pytest.raises(ValueError, match="stress"):
        draws.group_factor(9, "weather", 10, share, values)


def test_state_shocks_run_through_the_scenarios_of_one_state_first():
    shocks = draws.state_shocks(3, "e", 3, 4)
    assert [len(row) for row in shocks] == [4, 4, 4]
    assert shocks[0] + shocks[1] + shocks[2] == draws.normals(3, "eps", "e", 12)


def test_another_event_changes_no_draw():
    one = scenario_set(7, ["g"], ["c"], {"a": 2}, 5)
    two = scenario_set(7, ["h", "g"], ["c", "d"], {"z": 3, "a": 2}, 5)
    for kind, name in [("F", "g"), ("FJ", "g"), ("U", "c"), ("eps", "a"), ("xi", "a")]:
        assert one[kind][name] == two[kind][name]
