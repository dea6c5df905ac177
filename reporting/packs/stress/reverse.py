"""Reverse stress: the fewest resolutions that exhaust prefunded resources, in words and a table."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Section
from reporting.packs.document.tables import table
from reporting.wording import dollars, numbers, words

_ONE_E12 = 10**12


def reverse_section(tables: Tables) -> Section:
    rows = tables["reverse_stress"]
    return Section(
        "Reverse stress",
        (
            in_words(rows),
            *(_likelihood(rows[0]) if rows and rows[0]["resolutions"] else ()),
            table(
                "Resolutions that together exhaust prefunded resources",
                "reverse_stress",
                [
                    {**row, "probability_alone": chance(row["probability_e12"])}
                    for row in rows
                    if row["event_ticker"] is not None
                ],
                "resolution event_ticker category state_label probability_alone",
                "No set of resolutions was found to exhaust prefunded resources.",
                top=20,
            ),
        ),
    )


def in_words(rows: list[dict]) -> str:
    """The answer in one or two sentences; ``rows`` of ``disclose.reverse_stress``."""
    if not rows:
        return "Reverse stress did not run today."
    row = rows[0]
    number, at_least = row["resolutions"], row["at_least"]
    among = f"among the {words.number_of(row['events'], 'largest event')}"
    resources = dollars.in_words(row["resources_centicents"])
    if number is None and row["proven"]:
        return (
            f"No set of resolutions {among} exhausts prefunded resources of {resources}, whatever "
            "its size. This is proven."
        )
    if number is None:
        return (
            f"No set of resolutions {among} was found to exhaust prefunded resources of "
            f"{resources}. It is proven that no set of fewer than {numbers.count(at_least)} does. "
            f"The search stopped after {words.number_of(row['nodes'], 'set')}."
        )
    if number == 0:
        return f"Prefunded resources of {resources} are exhausted before any event resolves."
    exhausted = (
        f"{words.number_of(number, 'simultaneous resolution')} {among} exhaust prefunded resources "
        f"of {resources}, with a shortfall of {dollars.in_words(row['excess_centicents'])}."
    )
    if row["proven"]:
        return f"{exhausted} No smaller set does. This is proven."
    return (
        f"{exhausted} A smaller set may exist, but none of fewer than {numbers.count(at_least)}. "
        f"The search stopped after {words.number_of(row['nodes'], 'set')}."
    )


def _likelihood(row: dict) -> tuple[str, ...]:
    return (
        "If these events resolve, the joint probability of these states is "
        f"{chance(row['independent_probability_e12'])} with independent events and "
        f"{chance(row['correlated_probability_e12'])} under the model's correlation.",
    )


def chance(probability_e12: int | None) -> str:
    """A probability as a share from 0.01 % on, below it as one in so many."""
    if probability_e12 is None:
        return numbers.NONE
    if probability_e12 >= _ONE_E12 // 10_000:
        return numbers.percent(probability_e12, _ONE_E12, 2)
    if probability_e12 == 0:
        return "less than 1 in a trillion"
    return f"1 in {numbers.count(numbers.round_half_even(_ONE_E12, probability_e12))}"
