"""Reverse stress of a date: the fewest resolutions that exhaust prefunded resources.

Belongs here: the rows of ``stress.reverse`` and ``stress.reverse_resolutions``. The search, its
proof and the probabilities are in ``model/stress`` (``reverse``, ``reverse_book``,
``joint_probability``); how much of them is done says the record of the library.
"""

from collections.abc import Mapping

import pyarrow

from reporting.engine.model_tables import schema_of
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.reverse import reverse_stress
from reporting.model.stress.reverse_book import likelihood, reverse_problem
from reporting.model.stress.stress_book import StressBook
from reporting.stages.stress.resources import Resources
from reporting.units import BPS, MICROS_PER_CENTICENT

_NAMES = ("stress.reverse", "stress.reverse_resolutions")


def reverse_rows(
    record: ScenarioRecord | None,
    held: StressBook,
    resources: Resources,
    rho_bps: Mapping[str, int],
) -> dict[str, pyarrow.Table]:
    """Both tables; empty where the library has no record of the kind."""
    if record is None:
        return {name: schema_of(name).empty_table() for name in _NAMES}
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
    return {
        name: pyarrow.Table.from_pylist(rows, schema=schema_of(name))
        for name, rows in zip(_NAMES, ([row], resolved), strict=True)
    }
