"""The margin line by line: every amount with its words, in order."""

from reporting.replica import Pool, account_explanation

from .markets import DAY, SCHEDULE, contract, event, published, replicated

JUMPS = published(E_1=[0.6, 1.0, 0.6, 0.0, 0.6])


def lines_of(found):
    return [" ".join(line.split()) for line in account_explanation(found, SCHEDULE)]


def test_the_explanation_shows_every_step():
    """As in test_account, 5 days out: w = 1/2; mpor 1, v^2 = 1: f = 0.2. Gap: lambda 1.545116,
    g(0.4) = Phi(1.291769) = 0.901782: 6 x 0.901782 - 4 x 0.098218 = 5.017820. Raw 0.61 beside
    fitted 0.60: half of 0.10 in every scenario; W 6.10; w W = 3.05."""
    market = contract(mark=6100, may_close_early=True)
    found = replicated(
        [event(market, tau_seconds=5 * DAY)],
        {"E-1": 1000},
        {"E-1": 200},
        JUMPS,
        collateral=[("cash", 7)],
        owner={"E-1": 1500},
        pools={("Sports", 1): Pool(1.0, 1.0, 0.9, 1234)},
    )
    lines = lines_of(found)
    expected = [
        "Event 1: E (binary), Who wins?",
        "v 1.000000 (v squared: average 1.000000, stress 1.000000, ten years 0.900000; 1,234"
        " observations)",
        "information f 0.200000 in 10 lumps, of the gap 0.200000; rho 0.3; cluster S@2026-01-28",
        "resolves early in the period with probability 0.005000",
        "E-1 10.00 0.6100 0.600000",
        "worst-case loss W, in state: E-1 no 6.100000",
        "ramp weight w = 0.500000: w x W 3.050000",
        "raw against fitted marks, where a loss 0.050000",
        "gap: a resolution, 0.25 x W 1.525000",
        "E, in state: E-1 no 1.220000",
        "The 2 worst of 4 scenarios of the set with correlation, without what is in full",
        "scenario 3 3.050000",
        "of that, most in E 3.050000",
        "Jump to resolution: gaps of the largest clusters",
        "E-1 10.00 15.00 0.010000 1.0000 0.100000",
        "worst-case loss W 6.100000",
        "in full in every scenario: sum of w x W 3.050000",
        "raw against fitted marks, in every scenario 0.050000",
        "expected shortfall at rho, with what is in full 4.600000",
        "value at risk at rho, with what is in full 3.100000",
        "expected shortfall at no correlation, with what is in full 4.600000",
        "floor: 10 % of W 0.610000",
        "add-ons 0.100000",
        "maintenance margin: 80 % of it",
        "collateral cash: 0.000700, after its haircut 0.000700",
    ]
    place = 0
    for wanted in expected:
        at = [n for n, line in enumerate(lines) if line.startswith(wanted) and n >= place]
        assert at, f"{wanted} is not in, or not there\n" + "\n".join(lines)
        place = at[0]
    # The gap: 6.10 x 0.901782 - 3.90 x 0.098218 = 5.117820; it is the largest part of the core.
    (gap,) = (line for line in lines if line.startswith("gap, at most W"))
    assert abs(float(gap.split()[-1]) - 5.117820) < 1e-5
    assert any(line.startswith("core: the jump to resolution is the largest") for line in lines)


def test_what_is_held_in_full_says_why():
    wrong_way = replicated([event()], {"E-1": 1000}, linked=["S"])
    assert any("w = 1.000000 (wrong-way exposure)" in line for line in lines_of(wrong_way))


def test_what_happens_by_a_date_is_said():
    by = event(contract(may_close_early=True), title="Before May?")
    lines = lines_of(replicated([by], {"E-1": -1000}, prices=JUMPS))
    # 1 - 0.4 ** (1/30) = 0.030081; a quarter of the short's 4.00.
    assert "happens in the period with probability 0.030081" in lines
    assert "gap: what happens, 0.25 x W 1.000000" in lines


def test_the_explanation_of_nothing():
    text = "\n".join(lines_of(replicated([], {})))
    assert "It holds no margined position." in text
