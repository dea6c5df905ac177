"""Structure from metadata: each shape of the contract, and what must not be proved."""

import json

import pytest

from reporting.model.errors import ModelError
from reporting.model.events.structures import FLAGS, EventFacts, MarketFacts, derive_terms
from reporting.model.events.terms import payoffs


def market(ticker, kind="", floor=None, cap=None, **more):
    return MarketFacts(ticker, "EV", strike_type=kind, floor_strike=floor, cap_strike=cap, **more)


def derive(*markets, exclusive=False):
    return derive_terms(EventFacts("EV", exclusive), markets)


TEMPERATURE = (
    market("EV-T75", "greater", floor="75"),
    market("EV-B70.5", "between", "70.0", "71.0"),
    market("EV-T68", "less", cap="68"),
    market("EV-B68.5", "between", "68", "69"),
    market("EV-B72.5", "between", "72", "73"),
    market("EV-B74.5", "between", "74", "75"),
)


def test_one_market_is_binary():
    terms = derive(market("EV"))
    assert (terms.structure, terms.legs, terms.voids) == ("binary", ("EV",), ())


def test_strikes_that_cover_the_line_are_exhaustive_in_strike_order():
    terms = derive(*TEMPERATURE, exclusive=True)
    assert terms.structure == "exclusive_exhaustive"
    assert terms.legs == ("EV-T68", "EV-B68.5", "EV-B70.5", "EV-B72.5", "EV-B74.5", "EV-T75")


@pytest.mark.parametrize("missing", range(6))
def test_a_hole_in_the_strikes_leaves_a_none_state(missing):
    rest = [one for number, one in enumerate(TEMPERATURE) if number != missing]
    terms = derive(*rest, exclusive=True)
    assert terms.structure == "exclusive"
    assert payoffs(terms, [0] * 5)[1][-1] == "none"


def test_names_that_exclude_one_another_are_not_exhaustive():
    team = json.dumps({"team": "3fa85f64"})
    terms = derive(market("EV-B", "structured", custom_strike=team), market("EV-A"), exclusive=True)
    assert (terms.structure, terms.legs) == ("exclusive", ("EV-A", "EV-B"))


def test_overlapping_strikes_contradict_mutual_exclusion():
    terms = derive(market("EV-T2", "greater", "2"), market("EV-T3", "greater", "3"), exclusive=True)
    assert terms.structure == "binaries"
    assert "EXCLUSIVE_CONTRADICTED" in terms.flags


def test_ladder_is_ordered_by_strike_as_a_number():
    words = [("9.5", "Above 9.5?"), ("10", "Above 10?"), ("-1", "Above -1?")]
    terms = derive(*(market(f"EV-{i}", "greater", k, title=t) for i, (k, t) in enumerate(words)))
    assert terms.structure == "ladder"
    assert terms.legs == ("EV-2", "EV-0", "EV-1")
    assert terms.state_labels == ("≤ -1", "> -1 and ≤ 9.5", "> 9.5 and ≤ 10", "> 10")


def test_two_teams_margins_are_no_ladder():
    """Real shape: strikes ascend, but half of them are about the other team."""
    terms = derive(
        market("EV-SEA4", "greater", "3.5", yes_sub_title="Seattle wins by over 3.5 runs"),
        market("EV-TB2", "greater", "1.5", yes_sub_title="Tampa Bay wins by over 1.5 runs"),
    )
    assert terms.structure == "binaries"
    assert terms.flags == ("NOT_PROVED",)


def test_same_words_about_different_players_are_no_ladder():
    terms = derive(
        market("EV-1", "greater", "1", title="Over 1?", custom_strike='{"player": "a"}'),
        market("EV-2", "greater", "2", title="Over 2?", custom_strike='{"player": "b"}'),
    )
    assert terms.structure == "binaries"


def test_strikes_without_words_or_tickers_prove_nothing():
    terms = derive(market("EV-X", "greater", "1"), market("EV-Y", "greater", "2"))
    assert terms.structure == "binaries"


@pytest.mark.parametrize(
    ("ticker", "title"),
    [
        ("EV-TN0.3", "Will core inflation rise more than -0.3% in May?"),
        ("EV-T-0.3", "Will **core inflation** be above -0.3% in May?"),
        (
            "EV-T0.25",
            "Will the upper bound be above 0.25% following the Fed's May 7, 2025 meeting?",
        ),
        ("EV-C365", "Will claims be higher than 365,000 for the week ending August 14, 2021?"),
        ("EV-T.5", "Will **real GDP** increase by more than 0.5% in Q4 2025?"),
        ("EV-T2.5", "Above the strike"),
    ],
)
def test_strike_from_ticker_and_title(ticker, title):
    """A second, plainly worse strike makes it two markets of one ladder."""
    high = (
        "EV-T99",
        title.replace("-0.3", "99")
        .replace("0.25", "99")
        .replace("0.5", "99")
        .replace("365,000", "99"),
    )
    terms = derive(market(ticker, title=title), market(high[0], title=high[1]))
    assert terms.structure == "ladder"
    assert terms.legs == ((ticker, "EV-T99") if ticker != "EV-C365" else ("EV-T99", ticker))
    assert "STRIKES_FROM_WORDS" in terms.flags


@pytest.mark.parametrize(
    "title",
    [
        "",  # -T alone is "below the lowest" as well as "above the highest"
        "GDP growth in 2025?",
        "Will inflation be above_below_between 2.5?",
        "Will the rate be above 3.5%?",  # the ticker says 2.5
        "Hike by 25bps",
    ],
)
def test_words_that_prove_no_strike(title):
    terms = derive(market("EV-T2.5", title=title), market("EV-T4", title="Above 4%?"))
    assert terms.structure == "binaries"


@pytest.mark.parametrize("ticker", ["EV-B9", "EV-T3.5", "EV-X"])
def test_bracket_in_words_needs_a_ticker_inside_it(ticker):
    terms = derive(
        market(ticker, title="Between 3.0% and 3.9%?"), market("EV-T3.9", title="Above 3.9%?")
    )
    assert terms.structure == "binaries"
    confirmed = derive(
        market("EV-B3.5", title="Between 3.0% and 3.9%?"), market("EV-T3.9", title="Above 3.9%?")
    )
    assert confirmed.structure == "ladder_brackets"


def test_weather_ranges_from_subtitles():
    """Real shape: the winner of a day has lost its strikes, the range is in the subtitle."""
    replaced = {
        "EV-T68": market("EV-T68", subtitle="67° or below"),
        "EV-B70.5": market("EV-B70.5", subtitle="70° to 71°"),
        "EV-T75": market("EV-T75", subtitle="76° or above"),
    }
    markets = [replaced.get(one.ticker, one) for one in TEMPERATURE]
    terms = derive(*markets, exclusive=True)
    assert terms.structure == "exclusive_exhaustive"
    assert terms.legs == derive(*TEMPERATURE, exclusive=True).legs


def test_brackets_beside_a_ladder_cut_whole_numbers():
    # whole numbers: <=60 | 61..64 | 65..70 | >=71
    terms = derive(
        market("EV-T60", "greater", "60"),
        market("EV-T70", "greater", "70"),
        market("EV-B67.5", "between", "65", "70"),
    )
    assert terms.structure == "ladder_brackets"
    assert terms.legs == ("EV-T60", "EV-B67.5", "EV-T70")
    assert terms.state_labels == ("≤ 60", "61 to 64", "65 to 70", "≥ 71")
    assert [[pay // 10_000 for pay in row] for row in terms.payoffs] == [
        [0, 1, 1, 1],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
    ]


def test_a_bracket_that_starts_on_a_ladder_strike_has_that_number_as_a_state():
    # at exactly 60 the bracket pays and "above 60" does not
    terms = derive(market("EV-T60", "greater", "60"), market("EV-B65", "between", "60", "70"))
    assert dict(zip(terms.state_labels, zip(*terms.payoffs, strict=True), strict=True)) == {
        "≤ 59": (0, 0),
        "= 60": (10_000, 0),
        "61 to 70": (10_000, 10_000),
        "≥ 71": (0, 10_000),
    }
    assert terms.legs == ("EV-B65", "EV-T60")


def test_decimal_brackets_leave_the_gaps_between_them():
    terms = derive(
        market("EV-T3.0", "less", cap="3.0"),
        market("EV-B3.5", "between", "3.0", "3.9"),
        market("EV-T3.9", "greater", "3.9"),
        market("EV-T5", "greater_or_equal", "5"),
    )
    assert terms.state_labels == ("< 3", "3 to 3.9", "> 3.9 and < 5", "≥ 5")
    assert "WHOLE_UNITS" not in terms.flags


def test_k_of_n():
    exactly = json.dumps({"exactly": 2})
    terms = derive(*(market(f"EV-{name}", custom_strike=exactly) for name in "CAB"))
    assert (terms.structure, terms.k, terms.legs) == ("k_of_n", 2, ("EV-A", "EV-B", "EV-C"))


def test_at_least_k():
    terms = derive(*(market(f"EV-{name}", custom_strike='{"at_least": 2}') for name in "ABC"))
    assert (terms.structure, terms.k, terms.legs) == ("at_least_k", 2, ("EV-A", "EV-B", "EV-C"))
    assert terms.reason == "custom terms say that at least 2 of 3 win"


def test_k_of_n_with_more_states_than_can_be_listed():
    exactly = json.dumps({"exactly": 8})
    terms = derive(*(market(f"EV-{i:02}", custom_strike=exactly) for i in range(16)))
    assert (terms.structure, terms.k) == ("k_of_n", 8)  # 12,870 states


def test_matrix():
    rows = {"A": ["0.25", 1, 0], "B": [0, "0.5", 1.5]}
    markets = [
        market(
            f"EV-{name}",
            custom_strike=json.dumps({"payoffs": row, "state_labels": ["low", "mid", "high"]}),
        )
        for name, row in rows.items()
    ]
    terms = derive(*markets)
    assert terms.payoffs == ((2500, 10_000, 0), (0, 5000, 15_000))
    assert payoffs(terms, [0, 0])[1] == ("low", "mid", "high")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('{"exactly": 2}', '{"exactly": 1}'),
        ('{"exactly": 2}', None),
        ('{"exactly": 3}', '{"exactly": 3}'),
        ('{"exactly": true}', '{"exactly": true}'),
        ('{"payoffs": [1, 0]}', '{"payoffs": [1]}'),
        ('{"payoffs": [0.00001]}', '{"payoffs": [1]}'),
        ('{"payoffs": [-1]}', '{"payoffs": [1]}'),
        ('{"payoffs": "1"}', '{"payoffs": [1]}'),
        ('{"payoffs": [1', '{"payoffs": [1]}'),
        ('{"payoffs": [NaN]}', '{"payoffs": [1]}'),
    ],
)
def test_custom_terms_that_cannot_be_read(first, second):
    terms = derive(market("EV-A", custom_strike=first), market("EV-B", custom_strike=second))
    assert terms.structure == "binaries"
    assert "TERMS_UNREADABLE" in terms.flags


def test_combination_names_its_legs():
    leg = {"event_ticker": "X", "market_ticker": "X-1", "side": "no"}
    legs = json.dumps([leg, {**leg, "side": "yes"}])
    terms = derive(market("EV", mve_selected_legs=legs))
    assert (terms.structure, terms.flags) == ("combination", ())
    assert terms.combination_legs == (("X", "X-1", "no"), ("X", "X-1", "yes"))
    two = derive(market("EV-A", mve_selected_legs=legs), market("EV-B", mve_selected_legs=legs))
    assert two.structure == "binaries"
    assert "COMBINATION_NOT_NETTED" in two.flags


@pytest.mark.parametrize(
    "legs",
    [
        "[",
        "{}x",
        '{"event_ticker": "X"}',
        '["X-1"]',
        '[{"event_ticker": "X", "market_ticker": "X-1"}]',
        '[{"event_ticker": "X", "market_ticker": "X-1", "side": "maybe"}]',
        '[{"event_ticker": "X", "market_ticker": 1, "side": "yes"}]',
        '[{"event_ticker": "X", "market_ticker": "", "side": "yes"}]',
    ],
)
def test_a_combination_whose_legs_cannot_be_read(legs):
    terms = derive(market("EV", mve_selected_legs=legs))
    assert (terms.structure, terms.flags) == ("combination", ("COMBINATION_NOT_NETTED",))
    assert terms.combination_legs == ()


HALF = "Other words. If the event is voided, all markets settle at 50/50."
LAST = "If the event is voided, all markets settle at the last traded price."


@pytest.mark.parametrize(
    ("rules", "voids", "flags"),
    [
        ((HALF, HALF), ("half",), ()),
        ((LAST, LAST), ("last",), ()),
        (("", "Nothing about it."), (), ()),
        ((LAST, ""), ("last",), ("VOID_CLAUSE_PARTIAL",)),
        ((LAST, HALF), ("half", "last"), ("VOID_CLAUSE_CONFLICT",)),
    ],
)
def test_void_clauses(rules, voids, flags):
    terms = derive(
        market("EV-A", rules_secondary=rules[0]),
        market("EV-B", rules_secondary=rules[1]),
        exclusive=True,
    )
    assert (terms.voids, terms.flags) == (voids, flags)


def test_wrong_sets_of_markets_are_refused():
    with pytest.raises(ModelError, match="at least one market"):
        derive()
    with pytest.raises(ModelError, match="each given once"):
        derive(market("EV-A"), market("EV-A"))
    with pytest.raises(ModelError, match="another event"):
        derive_terms(EventFacts("OTHER"), [market("EV-A")])


def test_every_flag_has_a_meaning():
    seen = derive(*TEMPERATURE, exclusive=True).flags
    assert set(seen) <= set(FLAGS)
    assert all(meaning and meaning[0].islower() for meaning in FLAGS.values())
