"""Reverse stress of a date: the fewest resolutions that exhaust prefunded resources.

Belongs here: the rows of ``stress.reverse`` and ``stress.reverse_resolutions``. The search, its
proof and the probabilities are in ``model/stress`` (``reverse``, ``reverse_book``,
``joint_probability``); how much of them is done says the record of the library.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.reverse import reverse_stress
from reporting.model.stress.reverse_book import likelihood, reverse_problem
from reporting.model.stress.stress_book import StressBook
from reporting.stages.stress.resources import Resources
from reporting.units import BPS, MICROS_PER_CENTICENT


@dataclass(frozen=True)
class ReverseRows:
    """Rows of both tables; empty if the library has no record of the kind."""

    summary: Sequence[dict] = ()
    resolutions: Sequence[dict] = ()


@table(
    "stress.reverse",
    grain="one row per date",
    meaning=(
        "the fewest simultaneous resolutions that exhaust prefunded resources, empty if no set"
        " does: whether that is proven, the lower bound, how likely they are together, and the work"
        " of the search"
    ),
    reads="stress.scenarios validate.resources validate.guaranty_fund",
    columns="""
        resolutions proven at_least least_resolutions excess_centicents resources_centicents
        independent_probability correlated_probability events nodes node_limit version
    """,
    made_with="stress.cover",
)
def reverse_summary_rows(reverse: ReverseRows) -> pyarrow.Table:
    return pyarrow.Table.from_pylist(list(reverse.summary), schema_of("stress.reverse"))


@table(
    "stress.reverse_resolutions",
    grain="one row per resolution of the reverse stress",
    meaning="which events resolve in which state, and the probability of each alone",
    reads="stress.reverse",
    columns="resolution event_ticker category state_label probability",
    made_with="stress.cover",
)
def reverse_resolution_rows(reverse: ReverseRows) -> pyarrow.Table:
    return pyarrow.Table.from_pylist(
        list(reverse.resolutions), schema_of("stress.reverse_resolutions")
    )


def reverse_rows(
    record: ScenarioRecord | None,
    held: StressBook,
    resources: Resources,
    rho_bps: Mapping[str, int],
) -> ReverseRows:
    """The search of the date and its result."""
    if record is None:
        return ReverseRows()
    common = resources.financial(held.groups).common * MICROS_PER_CENTICENT
    book = reverse_problem(held, record.parameters["events"], common)
    search = reverse_stress(book.problem, record.parameters["node_limit"])
    chances = None
    if search.resolutions is not None:
        rho = {category: bps / BPS for category, bps in rho_bps.items()}
        chances = likelihood(book, search, rho)
    row = {
        "resolutions": None if search.resolutions is None else len(search.resolutions),
        "proven": search.proven,
        "at_least": search.at_least,
        "least_resolutions": record.parameters["least_resolutions"],
        # Rounded down: one micro above the resources already exhausts them.
        "excess_centicents": search.excess // MICROS_PER_CENTICENT,
        "resources_centicents": book.problem.target // MICROS_PER_CENTICENT,
        "independent_probability": chances.independent if chances else None,
        "correlated_probability": chances.correlated if chances else None,
        "events": len(book.problem.events),
        "nodes": search.nodes,
        "node_limit": record.parameters["node_limit"],
        "version": record.version,
    }
    resolved = (
        [
            {
                "resolution": number,
                "event_ticker": event,
                "category": book.categories[event_number],
                "state_label": state,
                "probability": probability,
            }
            for number, ((event_number, _), (event, state), probability) in enumerate(
                zip(search.resolutions, chances.resolutions, chances.probabilities, strict=True),
                start=1,
            )
        ]
        if chances
        else []
    )
    return ReverseRows([row], resolved)
