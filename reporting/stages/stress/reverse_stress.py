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
    """Rows of both tables, empty where the library has no record of the kind."""

    summary: Sequence[dict] = ()
    resolutions: Sequence[dict] = ()


@table(
    "stress.reverse",
    grain="one row per date",
    meaning=(
        "the fewest resolutions at once that exhaust prefunded resources, none where no set"
        " does: whether that is proven, what no smaller set can do, how likely they are"
        " together, and the work that was done"
    ),
    owner="risk",
    reads=("stress.scenarios", "validate.resources", "validate.guaranty_fund"),
    columns=(
        "resolutions",
        "proven",
        "at_least",
        "least_resolutions",
        "excess_centicents",
        "resources_centicents",
        "independent_probability",
        "correlated_probability",
        "events",
        "nodes",
        "node_limit",
        "version",
    ),
    made_with="stress.cover",
)
def reverse_summary_rows(reverse: ReverseRows) -> pyarrow.Table:
    """The one row of the date."""
    return pyarrow.Table.from_pylist(list(reverse.summary), schema_of("stress.reverse"))


@table(
    "stress.reverse_resolutions",
    grain="one row per resolution of the reverse stress",
    meaning="which events resolve in which state, and how likely each is alone",
    owner="risk",
    reads=("stress.reverse",),
    columns=("resolution", "event_ticker", "category", "state_label", "probability"),
    made_with="stress.cover",
)
def reverse_resolution_rows(reverse: ReverseRows) -> pyarrow.Table:
    """One row per resolution of the smallest set."""
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
    of = reverse_problem(held, record.parameters["events"], common)
    found = reverse_stress(of.problem, record.parameters["node_limit"])
    known = None
    if found.resolutions is not None:
        rho = {category: bps / BPS for category, bps in rho_bps.items()}
        known = likelihood(of, found, rho)
    row = {
        "resolutions": None if found.resolutions is None else len(found.resolutions),
        "proven": found.proven,
        "at_least": found.at_least,
        "least_resolutions": record.parameters["least_resolutions"],
        # Rounded down: a micro more than the resources is more than they hold.
        "excess_centicents": found.excess // MICROS_PER_CENTICENT,
        "resources_centicents": of.problem.target // MICROS_PER_CENTICENT,
        "independent_probability": known.independent if known else None,
        "correlated_probability": known.correlated if known else None,
        "events": len(of.problem.events),
        "nodes": found.nodes,
        "node_limit": record.parameters["node_limit"],
        "version": record.version,
    }
    resolved = (
        [
            {
                "resolution": number,
                "event_ticker": event,
                "category": of.categories[place],
                "state_label": state,
                "probability": probability,
            }
            for number, ((place, _), (event, state), probability) in enumerate(
                zip(found.resolutions, known.resolutions, known.probabilities, strict=True), start=1
            )
        ]
        if known
        else []
    )
    return ReverseRows([row], resolved)
