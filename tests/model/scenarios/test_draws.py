"""Draws: equal to a plain generator, stratified, and untouched by what else there is."""

from hashlib import sha256
from statistics import NormalDist

import numpy as np
import pytest

from reporting.model.errors import ModelError
from reporting.model.scenarios import draws
from reporting.model.scenarios.draws import DrawPlan, DrawTable

TABLE = DrawTable(DrawPlan(seed=7, scenarios=40))
_MASK = 2**64 - 1


def plain_words(seed, kind, name, count):
    """Philox4x64-10 in whole numbers, from the paper: blocks are numbered from 1."""
    digest = sha256(f"{seed}\n{kind}\n{name}".encode()).digest()
    key = [int.from_bytes(digest[i : i + 8], "little") for i in (0, 8)]
    words = []
    for block in range(1, -(-count // 4) + 1):
        x, k = [block, 0, 0, 0], list(key)
        for _ in range(10):
            high_0, low_0 = divmod(0xD2E7470EE14C6C93 * x[0], 2**64)
            high_2, low_2 = divmod(0xCA5A826395121157 * x[2], 2**64)
            x = [high_2 ^ x[1] ^ k[0], low_2, high_0 ^ x[3] ^ k[1], low_0]
            k = [(k[0] + 0x9E3779B97F4A7C15) & _MASK, (k[1] + 0xBB67AE8584CAA73B) & _MASK]
        words += x
    return words[:count]


def plain_uniforms(seed, kind, name, count):
    """Draw s: rank of word s among the first, plus the fraction of word count + s, over count."""
    words = plain_words(seed, kind, name, 2 * count)
    by_size = sorted(range(count), key=lambda s: (words[s], s))
    rank = {s: place for place, s in enumerate(by_size)}
    return [
        min((rank[s] + ((words[count + s] >> 11) + 0.5) / 2**53) / count, 1 - 2.0**-53)
        for s in range(count)
    ]


@pytest.mark.parametrize("name", ["Weather", "Économie", "KXTOP-26\nKXTOP-26-B"])
def test_equal_to_the_plain_generator(name):
    plain = plain_uniforms(7, "eta", name, 40)
    assert draws.stratified(7, "eta", name, 40) == pytest.approx(plain, abs=1e-15)
    normal = [NormalDist().inv_cdf(u) for u in plain]
    assert draws.normals(7, "eta", name, 40) == pytest.approx(normal, abs=1e-9)


def test_independent_draws_are_the_words_themselves():
    plain = [((word >> 11) + 0.5) / 2**53 for word in plain_words(7, "eta", "A", 40)]
    assert draws.uniforms(7, "eta", "A", 40) == pytest.approx(plain, abs=1e-15)


def test_every_part_of_the_range_is_drawn_once():
    drawn = np.sort(draws.stratified(7, "U", "c", 1000))
    assert (np.floor(drawn * 1000) == np.arange(1000)).all()


def test_a_chance_is_met_exactly():
    """A jump with a chance of 2.5 % happens in 25 of 1,000 scenarios, not in 25 give or take 5."""
    assert (draws.stratified(7, "U", "c", 1000) < 0.025).sum() == 25


def test_other_signals_and_events_change_no_draw():
    few = TABLE.of_event("E", "G", "C", ("A", "B"), in_lumps=True)
    many = TABLE.of_event("E", "G", "C", ("0", "A", "B"), in_lumps=True)
    assert (many.eta[1:] == few.eta).all()
    assert (many.theta == few.theta).all()
    other = TABLE.of_event("E2", "G", "C", ("A", "B"), in_lumps=False)
    assert (other.group_factor == few.group_factor).all()
    assert not (other.eta == few.eta).any()
    assert other.info is None


def test_ordered_events_have_one_normal():
    drawn = TABLE.of_event("E", "G", "C", None, in_lumps=True)
    assert drawn.eps == pytest.approx(draws.normals(7, "eps", "E", 40))
    assert drawn.eta is drawn.theta is None


def test_streams_of_kinds_names_and_seeds_differ():
    seen = {
        draws.stratified(seed, kind, name, 1)[0]
        for seed in (1, 2)
        for kind in ("F", "eps", "theta")
        for name in ("A", "B")
    }
    assert len(seen) == 12


def test_normals_look_normal():
    """10,000 of them: stratified, mean and variance are those of a normal to a thousandth."""
    drawn = draws.normals(1, "eps", "E", 10_000)
    assert abs(drawn.mean()) < 1e-3
    assert abs(drawn.var() - 1) < 5e-3
    assert (abs(drawn) > 2.3263).mean() == pytest.approx(0.02, abs=2e-4)


def test_a_plan_needs_scenarios():
    with pytest.raises(ModelError) as caught:
        DrawPlan(1, 0)
    assert caught.value.field == "scenarios"
