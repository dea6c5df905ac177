"""Reads and checks the input document of the margin calculator.

Belongs here: the parts of the document and the checks between them. `fields` has single
fields; the arithmetic of the model starts in `prices`.

Interpretation where the specification is open:

- A published scenario set may hold more groups, clusters and events than the document
  uses. Every row in it has the same length S all the same, which is at least 1.
- ``group`` and ``cluster`` are a row's number from 0 where the rows are a list, its name
  where they are an object.
- A list of jump probabilities has one for each scenario.
- Only an event with some jump probability above 0 needs rows of ``FJ``, ``U`` and ``xi``.
- Probabilities are per state, none negative, and sum to 1 within 1e-9. They are used as
  they stand.
- The number of contracts follows from the structure and the number of probabilities.
- ``jump`` says whether the event counts in the jump-to-resolution requirement (section 5).
  In scenarios it jumps with the probability ``jump_probability`` either way (section 4).
- An account that does not list an event holds nothing in it.
- ``add_on`` is 0 and ``kappa`` 1 unless given; neither may be negative.
- alpha lies strictly between 0 and 1.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reporting.replica.prices import Label, Scenarios
from support.calculator_oracle.fields import (
    DocumentError,
    exact_number,
    exact_numbers,
    fields_of,
    list_of,
    number,
    numbers,
    object_of,
    refuse_repeats,
    text_of,
    truth_of,
    whole_number_of,
)
from support.calculator_oracle.states import Outcomes, StructureError, contracts_of, outcomes

PROBABILITY_TOLERANCE = 1e-9

EVENT_FIELDS = (
    "id",
    "structure",
    "probabilities",
    "sigma",
    "rho",
    "group",
    "jump_probability",
    "ramp",
    "cluster",
    "jump",
)
SCENARIO_FIELDS = ("F", "FJ", "U", "eps", "xi")


@dataclass(frozen=True)
class Event:
    """One event: probabilities per state, payoffs (contracts x states), its parameters.

    sigma is per square root of a day, in logits; rho, ramp and jump_probabilities, one per
    scenario, are between 0 and 1; liquidation_days is the event's own or the document's;
    marks are the model's prices per contract, payoffs x probabilities.
    """

    id: str
    structure: str
    states: tuple[str, ...]
    payoffs: list[list[float]]
    probabilities: list[float]
    marks: list[float]
    sigma: float
    rho: float
    group: Label
    jump_probabilities: list[float]
    liquidation_days: float
    ramp: float
    cluster: Label
    jump_enabled: bool
    kappa: float


@dataclass(frozen=True)
class Account:
    """Net YES quantities per contract of each event held, and the add-on in money."""

    id: str
    positions: dict[str, list[float]]
    add_on: float


@dataclass(frozen=True)
class MarginDocument:
    """The whole input. ``tail_count`` is m = ceil((1 - alpha) S), taken exactly."""

    tail_count: int
    core_floor: float
    events: list[Event]
    scenarios: Scenarios
    accounts: list[Account]


def read_margin_document(document: object) -> MarginDocument:
    """The document, checked. Raises DocumentError that names the first field at fault."""
    top = ("alpha", "liquidation_days", "core_floor", "events", "scenarios", "accounts")
    raw = fields_of(document, "", top)
    alpha = exact_number(raw["alpha"], "alpha")
    if not 0 < alpha < 1:
        raise DocumentError("alpha: must lie between 0 and 1, as in 0.99")
    scenarios = _read_scenarios(raw["scenarios"])
    days = number(raw["liquidation_days"], "liquidation_days", low=0)
    events = [
        _read_event(value, f"events[{place}]", scenarios, days)
        for place, value in enumerate(list_of(raw["events"], "events"))
    ]
    refuse_repeats([event.id for event in events], "events")
    contracts = {event.id: len(event.marks) for event in events}
    accounts = [
        _read_account(value, f"accounts[{place}]", contracts)
        for place, value in enumerate(list_of(raw["accounts"], "accounts"))
    ]
    refuse_repeats([account.id for account in accounts], "accounts")
    return MarginDocument(
        tail_count=math.ceil((1 - alpha) * scenarios.count),
        core_floor=number(raw["core_floor"], "core_floor", low=0),
        events=events,
        scenarios=scenarios,
        accounts=accounts,
    )


def read_outcomes(raw: Mapping, contracts: list[str], field: str) -> Outcomes:
    """The outcome states of an event from its fields structure, k and payoffs."""
    k, payoffs = raw.get("k"), raw.get("payoffs")
    if k is not None:
        k = whole_number_of(k, f"{field}.k")
    if payoffs is not None:
        rows = list_of(payoffs, f"{field}.payoffs")
        payoffs = [exact_numbers(row, f"{field}.payoffs[{i}]") for i, row in enumerate(rows)]
    structure = text_of(raw["structure"], f"{field}.structure")
    try:
        return outcomes(structure, contracts, k, payoffs)
    except StructureError as error:
        raise DocumentError(f"{field}.structure: {error}") from None


def _read_event(value: object, field: str, scenarios: Scenarios, days: float) -> Event:
    raw = fields_of(value, field, EVENT_FIELDS, ("kappa", "k", "payoffs", "liquidation_days"))
    probabilities = numbers(raw["probabilities"], f"{field}.probabilities", 0, 1)
    contracts = _contract_names(raw, len(probabilities), field)
    outcomes = read_outcomes(raw, contracts, field)
    _check_probabilities(probabilities, len(outcomes.states), field)
    payoffs = [[float(y) for y in row] for row in outcomes.payoffs]
    event = Event(
        id=text_of(raw["id"], f"{field}.id"),
        structure=raw["structure"],
        states=outcomes.states,
        payoffs=payoffs,
        probabilities=probabilities,
        marks=[
            math.fsum(y * p for y, p in zip(row, probabilities, strict=True)) for row in payoffs
        ],
        sigma=number(raw["sigma"], f"{field}.sigma", low=0),
        rho=number(raw["rho"], f"{field}.rho", 0, 1),
        group=_label(raw["group"], f"{field}.group"),
        jump_probabilities=_jump_probabilities(
            raw["jump_probability"], f"{field}.jump_probability", scenarios.count
        ),
        liquidation_days=number(
            raw.get("liquidation_days", days), f"{field}.liquidation_days", low=0
        ),
        ramp=number(raw["ramp"], f"{field}.ramp", 0, 1),
        cluster=_label(raw["cluster"], f"{field}.cluster"),
        jump_enabled=truth_of(raw["jump"], f"{field}.jump"),
        kappa=number(raw.get("kappa", 1), f"{field}.kappa", low=0),
    )
    _check_rows(event, field, scenarios)
    return event


def _jump_probabilities(value: object, field: str, scenarios: int) -> list[float]:
    """One per scenario; a single number is that of all."""
    if not isinstance(value, list | tuple):
        return [number(value, field, 0, 1)] * scenarios
    chances = numbers(value, field, 0, 1)
    if len(chances) != scenarios:
        raise DocumentError(f"{field}: {len(chances)} numbers for {scenarios} scenarios")
    return chances


def _contract_names(raw: Mapping, states: int, field: str) -> list[str]:
    """Contracts have no names in this document: they are "1", "2", ... in their order."""
    structure = text_of(raw["structure"], f"{field}.structure")
    if structure == "matrix":
        count = len(list_of(raw.get("payoffs"), f"{field}.payoffs"))
    else:
        k = whole_number_of(raw["k"], f"{field}.k") if raw.get("k") is not None else None
        try:
            count = contracts_of(structure, states, k)
        except StructureError as error:
            raise DocumentError(f"{field}.probabilities: {error}") from None
    return [str(place + 1) for place in range(count)]


def _check_probabilities(probabilities: list[float], states: int, field: str) -> None:
    if len(probabilities) != states:
        raise DocumentError(
            f"{field}.probabilities: {len(probabilities)} numbers for {states} states"
        )
    total = math.fsum(probabilities)
    if abs(total - 1) > PROBABILITY_TOLERANCE:
        raise DocumentError(f"{field}.probabilities: they sum to {total:.12g}, not to 1")


def _check_rows(event: Event, field: str, scenarios: Scenarios) -> None:
    """Every draw that the event needs is there, with one row of eps per state."""
    needed = [("group", event.group, scenarios.group_factors, "F")]
    needed.append(("id", event.id, scenarios.state_shocks, "eps"))
    if max(event.jump_probabilities) > 0:
        needed.append(("group", event.group, scenarios.jump_factors, "FJ"))
        needed.append(("cluster", event.cluster, scenarios.uniforms, "U"))
        needed.append(("id", event.id, scenarios.own_jump_factors, "xi"))
    for name, label, rows, kind in needed:
        if label not in rows:
            raise DocumentError(f"{field}.{name}: scenarios.{kind} has no row {label!r}")
    rows = len(scenarios.state_shocks[event.id])
    if rows != len(event.states):
        raise DocumentError(f"scenarios.eps.{event.id}: {rows} rows for {len(event.states)} states")


def _label(value: object, field: str) -> Label:
    return text_of(value, field) if isinstance(value, str) else whole_number_of(value, field)


def _read_scenarios(value: object) -> Scenarios:
    raw = fields_of(value, "scenarios", SCENARIO_FIELDS)
    by_label = {kind: _rows(raw[kind], f"scenarios.{kind}") for kind in ("F", "FJ", "U")}
    eps = {
        event: list(_rows(list_of(rows, f"scenarios.eps.{event}"), "scenarios.eps").values())
        for event, rows in object_of(raw["eps"], "scenarios.eps").items()
    }
    xi = _rows(object_of(raw["xi"], "scenarios.xi"), "scenarios.xi")
    all_rows = [(kind, row) for kind, rows in by_label.items() for row in rows.values()]
    all_rows += [(f"eps.{event}", row) for event, rows in eps.items() for row in rows]
    all_rows += [(f"xi.{event}", row) for event, row in xi.items()]
    return Scenarios(
        _common_length(all_rows), by_label["F"], by_label["FJ"], by_label["U"], eps, xi
    )


def _rows(value: object, field: str) -> dict[Label, list[float]]:
    """Rows by number when they are a list, by name when they are an object."""
    named = value.items() if isinstance(value, Mapping) else enumerate(list_of(value, field))
    return {label: numbers(row, f"{field}[{label}]") for label, row in named}


def _common_length(rows: Iterable[tuple[str, list[float]]]) -> int:
    first_kind, count = None, 0
    for kind, row in rows:
        if first_kind is None:
            first_kind, count = kind, len(row)
        if len(row) != count or not row:
            raise DocumentError(
                f"scenarios.{kind}: a row of {len(row)} numbers, and one of {count} in {first_kind}"
            )
    if first_kind is None:
        raise DocumentError("scenarios.F: there is no scenario at all")
    return count


def _read_account(value: object, field: str, contracts: Mapping[str, int]) -> Account:
    raw = fields_of(value, field, ("id", "positions"), ("add_on",))
    positions = {}
    for event, held in object_of(raw["positions"], f"{field}.positions").items():
        where = f"{field}.positions.{event}"
        if event not in contracts:
            raise DocumentError(f"{where}: there is no such event")
        positions[event] = numbers(held, where)
        if len(positions[event]) != contracts[event]:
            raise DocumentError(
                f"{where}: {len(positions[event])} quantities for {contracts[event]} contracts"
            )
    add_on = number(raw.get("add_on", 0), f"{field}.add_on", low=0)
    return Account(text_of(raw["id"], f"{field}.id"), positions, add_on)
