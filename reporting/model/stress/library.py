"""From the records of the library to the scenarios of a day.

Belongs here: which function makes the scenarios of which kind, and combinations. Records
are in ``records``, the kinds in ``resolutions``, ``gaps`` and ``strains``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reporting.model.errors import ModelError
from reporting.model.stress import gaps, strains
from reporting.model.stress import records as r
from reporting.model.stress import resolutions as settled
from reporting.model.stress.events import Scenario
from reporting.model.stress.latent import Variables, variables
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
    r.PORTING: gaps.portings,
    r.REPLAY: gaps.replays,
}
_STRAINING = {
    r.DEPTH: strains.depths,
    r.COLLATERAL: strains.collaterals,
    r.WITHDRAWAL: strains.withdrawals,
    r.REVERSAL: strains.reversals,
}


def scenario_library(records: Iterable[ScenarioRecord], book: StressBook) -> tuple[Scenario, ...]:
    """The scenarios of all records, in their order, the same for any order of the events.

    Records of reverse stress and liquidity are passed over. No two have one id: of those that
    would, the second has ~2 at its end, and so on. Raises ModelError for a combination that names
    a record which is not given, and where two records have one id.
    """
    records = tuple(record for record in records if record.kind not in r.ANALYSES)
    ids = [record.record_id for record in records]
    if len(set(ids)) != len(ids):
        raise ModelError("id", f"two records are named {max(ids, key=ids.count)}")
    events = sorted(book.market.events, key=_by_ticker)
    found: Variables | None = None
    by_record: dict[str, tuple[Scenario, ...]] = {}
    taken: set[str] = set()
    for record in records:
        if record.kind in _SETTLING:
            made = _SETTLING[record.kind](record, events)
        elif record.kind in _STRAINING:
            made = _STRAINING[record.kind](record, book)
        elif record.kind in _MOVING:
            found = found or variables(book.market)
            made = _MOVING[record.kind](record, book, found)
        else:
            continue
        by_record[record.record_id] = _told_apart(made, taken)
    for record in records:
        if record.kind == r.COMBINED:
            by_record[record.record_id] = _told_apart(_combined(record, by_record), taken)
    return tuple(s for record in records for s in by_record[record.record_id])


def _told_apart(made: Iterable[Scenario], taken: set[str]) -> tuple[Scenario, ...]:
    """Scenarios with ids that are not taken yet, which they are then.

    Ids hold names from the feed, and a group may be called "first" as a direction is, a category
    "none" as those without a name are.
    """
    named = []
    for scenario in made:
        name, number = scenario.scenario_id, 1
        while name in taken:
            number += 1
            name = f"{scenario.scenario_id}~{number}"
        taken.add(name)
        named.append(scenario if number == 1 else replace(scenario, scenario_id=name))
    return tuple(named)


def _by_ticker(event) -> str:
    return event.terms.event_ticker


def _combined(
    record: ScenarioRecord, by_record: dict[str, tuple[Scenario, ...]]
) -> tuple[Scenario, ...]:
    """Every scenario of the first part together with every one of the others."""
    parts = record.parameters["of"]
    for part in parts:
        if part not in by_record:
            raise ModelError("of", f"scenario {record.record_id}: {part} is not in the library")
    joined: Sequence[Scenario] = by_record[parts[0]]
    for part in parts[1:]:
        joined = [_together(record, a, b) for a in joined for b in by_record[part]]
    return tuple(joined)


def _together(record: ScenarioRecord, a: Scenario, b: Scenario) -> Scenario:
    """Both at once. What both set differently cannot be combined."""
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
        family=record.family,
        words=f"{a.words}; with it: {b.words}",
        outcomes=a.outcomes + b.outcomes,
        version=record.version,
        owner=record.owner,
        prices=a.prices or b.prices,
        collateral_falls_bps=falls,
        close_out=a.close_out or b.close_out,
        reversal=a.reversal or b.reversal,
    )
