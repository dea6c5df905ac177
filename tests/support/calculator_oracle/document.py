"""Reads and checks the input document of the margin calculator.

Belongs here: the parts of the document and the checks between them. `fields` has single
fields; the arithmetic of the model starts in `reporting.replica.prices`.

Interpretation where the specification is open:

- A row is needed only where it is used: ``F`` where rho is above 0 (of an unordered event, with
  loadings), ``U`` where an event may end early or happen, ``info`` with lumps.
- Probabilities are per state, none negative, and sum to 1 within 1e-9. They are used as
  they stand.
- The number of contracts follows from the structure and the number of probabilities; at_least_k
  needs ``contracts``, and elsewhere it must agree.
- An account that does not list an event holds nothing in it.
- ``add_on`` is 0 and ``kappa`` 1 unless given; kappa lies within 0 and 1.
- alpha and gap_quantile lie strictly between 0 and 1.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from reporting.replica.prices import PricedEvent, Streams
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
    whole_number_of,
)
from support.calculator_oracle.priced import PROBABILITY_TOLERANCE, read_priced_event
from support.calculator_oracle.scenario_rows import (
    Label,
    ScenarioSet,
    read_label,
    read_scenarios,
)
from support.calculator_oracle.states import Outcomes, StructureError, contracts_of, outcomes

TOP_FIELDS = ("alpha", "core_floor", "gap_quantile", "events", "scenarios", "accounts")
EVENT_FIELDS = (
    "id",
    "structure",
    "probabilities",
    "information",
    "rho",
    "group",
    "ramp",
    "cluster",
    "gap",
)
OPTIONAL_FIELDS = (
    "contracts",
    "k",
    "payoffs",
    "ordered",
    "marks",
    "lumps",
    "gap_information",
    "loadings",
    "jump_probability",
    "happens_probability",
    "happens",
    "kappa",
)
GAPS = ("resolution", "move", "none")


@dataclass(frozen=True)
class Event:
    """One event: what its prices follow from, its raw marks per contract, and its gap.

    ``streams``: the rows of the scenario set that the event uses.
    """

    id: str
    states: tuple[str, ...]
    priced: PricedEvent
    streams: Streams
    marks: list[float]
    gap: str
    gap_information: float
    ramp: float
    cluster: Label
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
    gap_quantile: float
    scenarios: int
    events: list[Event]
    accounts: list[Account]


def read_margin_document(document: object) -> MarginDocument:
    """The document, checked. Raises DocumentError that names the first field at fault."""
    raw = fields_of(document, "", TOP_FIELDS)
    alpha = exact_number(raw["alpha"], "alpha")
    if not 0 < alpha < 1:
        raise DocumentError("alpha: must lie between 0 and 1, as in 0.99")
    quantile = number(raw["gap_quantile"], "gap_quantile", 0, 1)
    if not 0 < quantile < 1:
        raise DocumentError("gap_quantile: must lie between 0 and 1, as in 0.999")
    scenarios = read_scenarios(raw["scenarios"])
    events = [
        _read_event(value, f"events[{place}]", scenarios)
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
        gap_quantile=quantile,
        scenarios=scenarios.count,
        events=events,
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


def _read_event(value: object, field: str, scenarios: ScenarioSet) -> Event:
    raw = fields_of(value, field, EVENT_FIELDS, OPTIONAL_FIELDS)
    probabilities = numbers(raw["probabilities"], f"{field}.probabilities", 0, 1)
    outcomes = read_outcomes(raw, _contract_names(raw, len(probabilities), field), field)
    _check_probabilities(probabilities, len(outcomes.states), field)
    payoffs = [[float(y) for y in row] for row in outcomes.payoffs]
    priced = read_priced_event(raw, payoffs, probabilities, field)
    gap = text_of(raw["gap"], f"{field}.gap")
    if gap not in GAPS:
        raise DocumentError(f"{field}.gap: {gap!r} is none of {', '.join(GAPS)}")
    label = read_label(raw["cluster"], f"{field}.cluster")
    return Event(
        id=text_of(raw["id"], f"{field}.id"),
        states=outcomes.states,
        priced=priced,
        streams=_streams(raw, priced, label, field, scenarios),
        marks=_marks(raw, payoffs, probabilities, field),
        gap=gap,
        gap_information=number(
            raw.get("gap_information", priced.information), f"{field}.gap_information", 0, 1
        ),
        ramp=number(raw["ramp"], f"{field}.ramp", 0, 1),
        cluster=label,
        kappa=number(raw.get("kappa", 1), f"{field}.kappa", 0, 1),
    )


def _streams(
    raw: Mapping, priced: PricedEvent, cluster: Label, field: str, scenarios: ScenarioSet
) -> Streams:
    """The rows that the event uses."""
    name, group = raw["id"], read_label(raw["group"], f"{field}.group")
    rows = {}
    if priced.rho > 0 and (priced.ordered or priced.loadings):
        rows["group_factor"] = scenarios.row("F", group, f"{field}.group")
    if priced.jump_probability > 0 or priced.happens_probability > 0:
        rows["uniforms"] = scenarios.row("U", cluster, f"{field}.cluster")
    if priced.lumps is not None:
        rows["info"] = scenarios.row("info", name, f"{field}.id")
    if priced.ordered:
        rows["eps"] = scenarios.row("eps", name, f"{field}.id")
    else:
        rows["theta"] = scenarios.row("theta", name, f"{field}.id")
        rows["eta"] = scenarios.row("eta", name, f"{field}.id")
        if len(rows["eta"]) != len(priced.signals):
            raise DocumentError(
                f"scenarios.eta.{name}: {len(rows['eta'])} rows for {len(priced.signals)} signals"
            )
    return Streams(count=scenarios.count, **rows)


def _marks(
    raw: Mapping, payoffs: list[list[float]], probabilities: list[float], field: str
) -> list[float]:
    if "marks" not in raw:
        return [
            math.fsum(y * p for y, p in zip(row, probabilities, strict=True)) for row in payoffs
        ]
    marks = numbers(raw["marks"], f"{field}.marks")
    if len(marks) != len(payoffs):
        raise DocumentError(f"{field}.marks: {len(marks)} numbers for {len(payoffs)} contracts")
    return marks


def _contract_names(raw: Mapping, states: int, field: str) -> list[str]:
    """Contracts have no names in this document: they are "1", "2", ... in their order."""
    structure = text_of(raw["structure"], f"{field}.structure")
    stated = raw.get("contracts")
    if stated is not None:
        stated = whole_number_of(stated, f"{field}.contracts")
    if structure == "matrix":
        count = len(list_of(raw.get("payoffs"), f"{field}.payoffs"))
    elif structure == "at_least_k":
        if stated is None:
            raise DocumentError(f"{field}.contracts: missing")
        count = stated
    else:
        k = whole_number_of(raw["k"], f"{field}.k") if raw.get("k") is not None else None
        try:
            count = contracts_of(structure, states, k)
        except StructureError as error:
            raise DocumentError(f"{field}.probabilities: {error}") from None
    if stated is not None and stated != count:
        raise DocumentError(f"{field}.contracts: {stated}, and the states are of {count}")
    return [str(place + 1) for place in range(count)]


def _check_probabilities(probabilities: list[float], states: int, field: str) -> None:
    if len(probabilities) != states:
        raise DocumentError(
            f"{field}.probabilities: {len(probabilities)} numbers for {states} states"
        )
    total = math.fsum(probabilities)
    if abs(total - 1) > PROBABILITY_TOLERANCE:
        raise DocumentError(f"{field}.probabilities: they sum to {total:.12g}, not to 1")


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
