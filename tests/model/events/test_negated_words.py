"""Words that turn a strike round ("no more than 2.5%") state no range: nothing is guessed."""

from decimal import Decimal

import pytest

from reporting.model.events.strikes import Range, range_from_words

TICKER = "CPI-25APR-T2.5"


@pytest.mark.parametrize(
    "words",
    [
        "Will CPI rise no more than 2.5%?",
        "Will CPI not be above 2.5%?",
        "Won't CPI be above 2.5%?",
        "Will CPI rise no more than the strike?",
        "Will CPI fail to be above 2.5%?",
    ],
)
def test_negated_words_state_no_range(words: str) -> None:
    assert range_from_words((words,), TICKER) is None


@pytest.mark.parametrize(
    "words", ["Will CPI rise more than 2.5% in November?", "Will the notional rise above 2.5%?"]
)
def test_words_that_only_look_like_a_negation_are_read(words: str) -> None:
    assert range_from_words((words,), TICKER) == Range(Decimal("2.5"), False, None, False)
