"""From the records of the scenario library to the scenarios of a day.

Belongs here: the function for each kind of record, and combinations. ``records`` has the
records; ``resolutions``, ``group_sweeps``, ``gaps`` and ``strains`` have the kinds.
"""

from collections.abc import Iterable
from dataclasses import replace

from reporting.model.errors import ModelError
from reporting.model.stress import gaps, strains
from reporting.model.stress import records as r
from reporting.model.stress import resolutions as settled
from reporting.model.stress.events import Scenario
from reporting.model.stress.group_sweeps import group_sweeps
from reporting.model.stress.latent import variables
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.stress_book import StressBook

_SETTLING = {
    r.SURPRISE_RESOLUTION: settled.surprise_resolutions,
    r.CATEGORY_SWEEP: settled.category_sweeps,
    r.VOID: settled.voids,
}
_MOVING = {
    r.GAP: gaps.gaps,
    r.MISSED_CYCLE: gaps.missed_cycles,
    r.CLOSED_DAYS: gaps.closed_days,
    r.PORTING: gaps.portings,
    r.REPLAY: gaps.replays,
}
_STRAINING = {
    r.GROUP_SWEEP: group_sweeps,
    r.DEPTH: strains.depths,
    r.COLLATERAL: strains.collaterals,
    r.WITHDRAWAL: strains.withdrawals,
    r.REVERSAL: strains.reversals,
}

_NOTHING_HELD = "no account holds a position"
_NOT_MARGINED = "no margined book holds a position"
WHY_NONE = {
    r.SURPRISE_RESOLUTION: _NOTHING_HELD,
    r.CATEGORY_SWEEP: _NOTHING_HELD,
    r.GROUP_SWEEP: "no state of any event costs a group anything",
    r.VOID: _NOTHING_HELD,
    r.GAP: _NOT_MARGINED,
    r.MISSED_CYCLE: _NOTHING_HELD,
    r.CLOSED_DAYS: _NOTHING_HELD,
    r.PORTING: "no group with customers has an open net position on margin",
    r.REPLAY: "no earlier date has moves of the categories that are held today",
    r.WITHDRAWAL: "no house account holds a position",
    r.REVERSAL: "no event with several states was paid on the date",
    r.COMBINED: "one of its parts made no scenario",
}
"""Why a record of a kind makes no scenario on a date, in words."""


def scenario_library(records: Iterable[ScenarioRecord], book: StressBook) -> tuple[Scenario, ...]:
    """The scenarios of all records, in record order, independent of the order of events.

    Records of reverse stress and liquidity are skipped. Ids are unique: the second scenario
    with the same id gets the suffix ~2, and so on. Raises ModelError if two records have the
    same id, or if a combination names a record that is not given.
    """
    records = tuple(record for record in records if record.kind not in r.ANALYSES)
    ids = [record.record_id for record in records]
    if len(set(ids)) != len(ids):
        raise ModelError("id", f"two records are named {max(ids, key=ids.count)}")
    events = sorted(book.market.events, key=lambda event: event.terms.event_ticker)
    latent = None
    by_record: dict[str, tuple[Scenario, ...]] = {}
    taken: set[str] = set()
    for record in records:
        if record.kind in _SETTLING:
            scenarios = _SETTLING[record.kind](record, events)
        elif record.kind in _STRAINING:
            scenarios = _STRAINING[record.kind](record, book)
        elif record.kind in _MOVING:
            latent = latent or variables(book.market)
            scenarios = _MOVING[record.kind](record, book, latent)
        else:
            continue
        by_record[record.record_id] = _with_unique_ids(scenarios, taken)
    for record in records:
        if record.kind == r.COMBINED:
            by_record[record.record_id] = _with_unique_ids(_combined(record, by_record), taken)
    return tuple(s for record in records for s in by_record[record.record_id])


def _with_unique_ids(scenarios: Iterable[Scenario], taken: set[str]) -> tuple[Scenario, ...]:
    """The scenarios with ids not yet taken; adds the ids to ``taken``.

    Ids contain names from the feed. A group may be called "first", like a direction, and a
    category "none", like the missing category.
    """
    named = []
    for scenario in scenarios:
        name, number = scenario.scenario_id, 1
        while name in taken:
            number += 1
            name = f"{scenario.scenario_id}~{number}"
        taken.add(name)
        named.append(scenario if number == 1 else replace(scenario, scenario_id=name))
    return tuple(named)


def _combined(
    record: ScenarioRecord, by_record: dict[str, tuple[Scenario, ...]]
) -> tuple[Scenario, ...]:
    """Each scenario of the first part combined with each scenario of the other parts."""
    parts = record.parameters["of"]
    for part in parts:
        if part not in by_record:
            raise ModelError("of", f"scenario {record.record_id}: {part} is not in the library")
    joined = by_record[parts[0]]
    for part in parts[1:]:
        joined = tuple(_together(record, a, b) for a in joined for b in by_record[part])
    return joined


def _together(record: ScenarioRecord, a: Scenario, b: Scenario) -> Scenario:
    """Both scenarios at once. Raises ModelError if both set the same field."""
    for name in ("prices", "close_out", "reversal"):
        if getattr(a, name) is not None and getattr(b, name) is not None:
            raise ModelError("of", f"scenario {record.record_id}: two parts have {name}")
    if {o.event_ticker for o in a.outcomes} & {o.event_ticker for o in b.outcomes}:
        raise ModelError("of", f"scenario {record.record_id}: two parts settle one event")
    falls = dict(a.collateral_falls_bps)
    for asset, fall in b.collateral_falls_bps.items():
        falls[asset] = max(fall, falls.get(asset, 0))
    return replace(
        a,
        scenario_id=f"{record.record_id}-{a.scenario_id}-{b.scenario_id}",
        record_id=record.record_id,
        family=record.family,
        words=f"{a.words}; with it: {b.words}",
        outcomes=a.outcomes + b.outcomes,
        version=record.version,
        owner=record.owner,
        prices=a.prices or b.prices,
        collateral_falls_bps=falls,
        close_out=a.close_out or b.close_out,
        reversal=a.reversal or b.reversal,
        calls_unmet=a.calls_unmet or b.calls_unmet,
    )
