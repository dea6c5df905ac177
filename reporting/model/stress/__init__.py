"""Stress tests: scenarios, losses under them, and shortfalls of clearing-member groups.

In the order of use: ``events`` (what scenarios are made of), ``resolutions`` (scenarios that
settle events), ``losses`` of every book, ``shortfalls`` of groups with Cover-1/2.
"""

from reporting.model.stress.events import VERSION, EventBook, Outcome, Scenario
from reporting.model.stress.losses import scenario_losses
from reporting.model.stress.resolutions import (
    category_sweeps,
    largest_events,
    least_likely,
    scenario_library,
    surprise_resolutions,
    voids,
)
from reporting.model.stress.shortfalls import Cover, GroupLosses, cover, group_shortfalls

__all__ = [
    "VERSION",
    "Cover",
    "EventBook",
    "GroupLosses",
    "Outcome",
    "Scenario",
    "category_sweeps",
    "cover",
    "group_shortfalls",
    "largest_events",
    "least_likely",
    "scenario_library",
    "scenario_losses",
    "surprise_resolutions",
    "voids",
]
