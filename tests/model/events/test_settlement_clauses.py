"""Settlement clauses: what is read, what is left unread, and what it adds to the states."""

import numpy as np
import pytest

from reporting.model.events.settlement_clauses import CLAUSES, read_clauses
from reporting.model.events.structures import EventFacts, MarketFacts, derive_terms
from reporting.model.events.terms import payoffs
from reporting.model.margin.worst_case import worst_case

DEAD_HEAT = "If two or more tie, dead heat rules apply: each pays $1 divided by the number tied."
TOP_2 = "If {} finishes in the top 2 (including ties), then the market resolves to Yes."
UNREAD = "If the final is cancelled, the market will settle at its expected value."
DEFINITION = "If Home wins the game, then the market resolves to Yes."


def derive(*rules, exclusive=True, primary=(), **more):
    """An event of one market per text of secondary rules."""
    markets = [
        MarketFacts(
            f"EV-{number}",
            "EV",
            rules_secondary=text,
            rules_primary=primary[number] if primary else DEFINITION,
            **{name: values[number] for name, values in more.items()},
        )
        for number, text in enumerate(rules)
    ]
    return derive_terms(EventFacts("EV", exclusive), markets)


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.kind)
def test_each_kind_reads_its_example_and_nothing_else_does(clause):
    read = read_clauses(DEFINITION, clause.example)
    assert (read.kinds, read.unread) == ({clause.kind}, ())


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        # As a venue writes them.
        ("If the cancelled game is not played or is rescheduled further than 2 days out, all"
         " markets will resolve to a fair price in accordance with the rules.", {"fair"}),
        ("If the game is declared a tie, the market will resolve to 50/50 for both teams.",
         {"half"}),
        ("If this game is postponed or delayed, the market will remain open and close after the"
         " rescheduled game has finished (within two days).", set()),
        ('If the game ends in a tie, the market called "Tie" resolves to Yes.', set()),
        ("The following market refers to the team who is the winner (or participant awarded a tie)"
         " in the Miami (FL) at Indiana college football game.", set()),
        ("The Last Trading Time will be 11:59 PM ET on March 01, 2025 regardless of any data"
         " releases or events occurring.", set()),
        # Two kinds in one sentence; other words for the same.
        ("If it is abandoned, it settles at the last traded price, or at a fair value.",
         {"last", "fair"}),
        ("Void markets pay 50 cents on each contract.", {"half"}),
        ('If the vote is not held, all markets resolve to "No".', {"nothing"}),
        ("In the event of a tie, the market resolves to No.", {"nothing"}),
    ],
)  # fmt: skip
def test_sentences(sentence, kinds):
    read = read_clauses(DEFINITION, sentence)
    assert (read.kinds, read.unread) == (kinds, ())


@pytest.mark.parametrize(
    "sentence",
    [
        UNREAD,
        "If the candidate dies, the market will resolve by a decision of the committee.",
        "If the race is abandoned, all fees and costs are refunded.",
        "Should the match be forfeited, the market will resolve as the league determines.",
        "If it ends in a tie, both markets resolve to Yes.",
    ],
)
def test_what_cannot_be_read_is_quoted_and_never_harmless(sentence):
    assert read_clauses(DEFINITION, f"Good to know. {sentence} More.").unread == (sentence,)
    terms = derive(sentence, sentence)
    assert terms.flags == ("SETTLEMENT_CLAUSE_UNREAD",)
    assert terms.reason.endswith(f'; unread on settlement: "{sentence}"')


def test_the_definition_of_a_market_on_a_tie_is_no_unusual_settlement():
    definition = "If Tie is the result of the game, then the market resolves to Yes."
    assert read_clauses(definition, "").unread == ()


def test_text_in_json_is_read_too():
    read = read_clauses("", '"One.\\nIf the market \\"A\\" is void, it settles at 50/50."')
    assert (read.kinds, read.unread) == ({"half"}, ())


def test_a_game_that_may_be_tied_and_cancelled_has_a_state_and_a_band():
    """As football games are written: exclusive, a tie pays 0.50 each, a cancelled game is fair."""
    rules = (
        "If the game ends in a tie, the market will resolve to $0.50 for each team. If the game is"
        " not started within 48 hours, the market will resolve to a fair market price."
    )
    terms = derive(rules, rules)
    assert (terms.structure, terms.voids, terms.flags) == ("exclusive", ("half", "fair"), ())


def test_dead_heats_add_a_state_only_where_one_must_win():
    assert derive(DEAD_HEAT, DEAD_HEAT).voids == ()
    tiled = {"strike_type": ("less", "greater_or_equal"), "floor_strike": (None, "2"),
             "cap_strike": ("2", None)}  # fmt: skip
    terms = derive(DEAD_HEAT, DEAD_HEAT, **tiled)
    assert (terms.structure, terms.voids, terms.flags) == (
        "exclusive_exhaustive", ("nothing",), ("WHOLE_UNITS",)
    )  # fmt: skip
    _, labels = payoffs(terms, np.array([5000, 5000]))
    assert labels[2:] == ("none",)
    # Long both at 0.50: nothing to lose, but for the cents that are rounded away.
    full_set = worst_case(terms, np.array([5000, 5000]), np.array([[100, 100]]))
    assert full_set.loss_micros == [1_000_000]


def test_dead_heats_of_other_structures_are_unread():
    terms = derive(DEAD_HEAT, DEAD_HEAT, custom_strike=('{"exactly": 1}',) * 2)
    assert (terms.structure, terms.flags) == ("k_of_n", ("SETTLEMENT_CLAUSE_UNREAD",))


def test_ties_in_the_top_n_are_further_winners():
    """Proved only where the rules say that all who can win are listed; else each stands alone."""
    primary = [TOP_2.format(name) for name in "ABC"]
    alone = derive("", "", "", exclusive=False, primary=primary)
    assert alone.structure == "binaries"
    listed = derive("All players are listed.", "", "", exclusive=False, primary=primary)
    assert (listed.structure, listed.k, listed.flags) == ("at_least_k", 2, ())
    assert listed.reason == "the rules say that the top 2 of 3 win with all ties"
    exact = derive("", "", "", exclusive=False, primary=primary,
                   custom_strike=('{"exactly": 2}',) * 3)  # fmt: skip
    assert (exact.structure, exact.k) == ("at_least_k", 2)
    contradicted = derive("", "", "", exclusive=True, primary=primary)
    assert contradicted.structure == "binaries"
    assert "EXCLUSIVE_CONTRADICTED" in contradicted.flags


@pytest.mark.parametrize(
    ("structure", "more", "voids"),
    [
        ("exclusive", {}, ()),
        ("k_of_n", {"custom_strike": ('{"exactly": 1}',) * 2}, ("nothing",)),
    ],
)
def test_no_winner_is_a_state_where_it_was_none(structure, more, voids):
    rules = "If the game is cancelled, the market resolves to No."
    terms = derive(rules, rules, **more)
    assert (terms.structure, terms.voids) == (structure, voids)
