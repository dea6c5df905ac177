"""The margin of an account line by line, for a human.

Belongs here: the layout of the amounts from `account`; nothing is computed here. Amounts are
dollars with six aligned decimals; scenarios are numbered from 1.
"""

from collections.abc import Mapping

from reporting.replica.account import AccountAmounts, FullyCollateralised, Margined, Tail
from reporting.replica.add_ons import AddOn
from reporting.replica.combinations import Credit
from reporting.replica.event_margin import HeldEvent, micros_up

LABEL_WIDTH = 64
AMOUNT_WIDTH = 18
MICROS_PER_CENTICENT = 100
MAX_TAIL_LINES = 10
"""Number of tail scenarios shown individually, worst first."""


def account_explanation(amounts: AccountAmounts, schedule: Mapping) -> list[str]:
    """Event by event, both tails, gaps by cluster, add-ons, core, margin, collateral, call."""
    margined = amounts.margined
    lines = []
    for number, held in enumerate(margined.events, start=1):
        lines += [*_event_lines(number, held), ""]
    if not margined.events:
        lines += ["It holds no margined position.", ""]
    lines += [*_full_lines(amounts.fully_collateralised), ""]
    if margined.events:
        lines += [*_tail_lines(margined), "", *_gap_lines(margined), ""]
        lines += [*_add_on_lines(margined), ""]
        lines += [*_core_lines(margined, schedule), ""]
    return lines + _account_lines(amounts, schedule)


def _event_lines(number: int, held: HeldEvent) -> list[str]:
    event, p = held.event, held.parameters
    lines = [f"Event {number}: {event.ticker} ({event.structure}), {event.title}"]
    lines.append(
        f"  {p.legal_class}, {p.liquidation_days} d to liquidate, {p.tau_days:.4f} d to resolve;"
        f" in full up to {float(p.tau0_days):g} d, not from {float(p.tau1_days):g} d"
    )
    pool = p.pool
    lines.append(
        f"  v {p.v:.6f} (v squared: average {pool.moving_average:.6f}, stress {pool.stress:.6f},"
        f" ten years {pool.ten_years:.6f}; {p.observations:,} observations)"
    )
    lines.append(
        f"  information f {p.information:.6f} in {p.lumps} lumps, of the gap"
        f" {p.gap_information:.6f}; rho {p.rho:g}; cluster {p.cluster}"
    )
    lines += _end_lines(held)
    lines.append(_cells("contract", "quantity", "mark", "model price"))
    for contract in held.contracts:
        cells = [f"{contract.quantity / 100:,.2f}", f"{contract.mark / 10_000:.4f}"]
        model = contract.model_price
        lines.append(_cells(contract.ticker, *cells, "" if model is None else f"{model:.6f}"))
    lines.append(
        _amount(f"worst-case loss W, in state: {held.worst_case.state}", held.worst_case.micros)
    )
    why = f" ({held.held_in_full})" if held.held_in_full else ""
    lines.append(_amount(f"ramp weight w = {float(held.ramp):.6f}{why}: w x W", held.ramped_micros))
    lines.append(_amount("raw against fitted marks, where a loss", micros_up(held.fit_micros)))
    lines.append(_amount("gap: a move", held.gap.move_micros))
    if held.gap.resolution_micros is not None:
        words = "what happens" if p.happened and not p.may_resolve else "a resolution"
        lines.append(_amount(f"gap: {words}, {float(p.kappa):g} x W", held.gap.resolution_micros))
    lines.append(_amount("gap, at most W", held.gap.micros))
    return lines


def _end_lines(held: HeldEvent) -> list[str]:
    """How the event may end inside the liquidation period."""
    p = held.parameters
    if p.happens_probability:
        return [f"  happens in the period with probability {p.happens_probability:.6f}"]
    if p.jump_probability:
        return [f"  resolves early in the period with probability {p.jump_probability:.6f}"]
    return []


def _full_lines(full: FullyCollateralised) -> list[str]:
    if not full.worst_cases:
        return ["It holds no fully collateralised position."]
    lines = ["Fully collateralised book: its worst-case loss is held"]
    for name, worst in full.worst_cases.items():
        lines.append(_amount(f"{name}, in state: {worst.state}", worst.micros))
    together = _amount("together, no event below zero", full.worst_case)
    return [*lines, *_credit_lines(full.credits), together]


def _credit_lines(credits: list[Credit]) -> list[str]:
    return [
        _amount(f"less: {', '.join(credit.combinations)} with their legs", -credit.micros)
        for credit in credits
    ]


def _tail_lines(margined: Margined) -> list[str]:
    tail = margined.tail
    name = "with correlation" if tail is margined.at_rho else "without correlation"
    lines = [
        f"The {len(tail.scenarios)} worst of {len(tail.losses)} scenarios of the set {name},"
        " without what is in full"
    ]
    for scenario in tail.scenarios[:MAX_TAIL_LINES]:
        lines.append(_amount(f"scenario {scenario + 1}", round(tail.losses[scenario])))
        parts = [
            (_event_loss(held, tail is margined.at_rho, scenario), held.event.ticker)
            for held in margined.events
            if held.ramp < 1
        ]
        loss, event = max(parts, default=(0.0, ""))
        if event:
            lines.append(_amount(f"  of that, most in {event}", round(loss)))
    if len(tail.scenarios) > MAX_TAIL_LINES:
        lines.append(f"  and {len(tail.scenarios) - MAX_TAIL_LINES} more")
    return lines


def _event_loss(held: HeldEvent, at_rho: bool, scenario: int) -> float:
    rows = [c.losses_at_rho if at_rho else c.losses_at_zero for c in held.contracts]
    return held.fit_micros + sum(row[scenario] for row in rows if row is not None)


def _gap_lines(margined: Margined) -> list[str]:
    largest = sorted(margined.gap_by_cluster.items(), key=lambda pair: (-pair[1], pair[0]))
    lines = ["Jump to resolution: gaps of the largest clusters"]
    for cluster, micros in largest[:3]:
        lines.append(_amount(cluster, micros))
        for held in margined.events:
            if held.parameters.cluster == cluster:
                lines.append(_amount(f"  {held.event.ticker}", held.gap.micros))
    return lines


def _add_on_lines(margined: Margined) -> list[str]:
    lines = ["Add-ons for liquidity and concentration"]
    lines.append(_cells("position", "quantity", "owner's", "per contract", "times", "amount"))
    for held in margined.events:
        lines += [_add_on_line(add_on) for add_on in held.add_ons]
    return lines


def _add_on_line(add_on: AddOn) -> str:
    cost = min(add_on.bound, add_on.cost) / 10_000
    cells = [f"{add_on.quantity / 100:,.2f}", f"{add_on.owner_quantity / 100:,.2f}"]
    cells += [f"{cost:.6f}", f"{add_on.factor:.4f}", dollars(round(add_on.micros))]
    return _cells(add_on.ticker, *cells)


def _core_lines(margined: Margined, schedule: Mapping) -> list[str]:
    singles = sum(held.worst_case.loss_micros for held in margined.events)
    lines = ["Margined book"]
    lines.append(_amount("worst-case losses of its events, none below zero", singles))
    lines += _credit_lines(margined.credits)
    lines.append(_amount("worst-case loss W", margined.worst_case))
    lines.append(_amount("in full in every scenario: sum of w x W", margined.held_in_full))
    lines.append(_amount("raw against fitted marks, in every scenario", micros_up(margined.fit)))
    for name, tail in (("rho", margined.at_rho), ("no correlation", margined.at_zero)):
        lines += _set_lines(name, tail)
    where = f", cluster {margined.gap_cluster}" if margined.gap_cluster else ""
    lines.append(_amount(f"jump to resolution{where}", margined.jump_to_resolution))
    lines.append(_amount(f"floor: {schedule['core_floor_bps'] / 100:g} % of W", margined.floor))
    lines.append(_amount(f"core: {_largest(margined)} is the largest", margined.core))
    lines.append(_amount("add-ons", margined.add_ons))
    capped = margined.core + margined.add_ons > margined.worst_case
    why = "the worst-case loss" if capped else "core and add-ons"
    return [*lines, _amount(f"initial margin: {why}", margined.initial)]


def _set_lines(name: str, tail: Tail) -> list[str]:
    return [
        _amount(f"expected shortfall at {name}, with what is in full", tail.expected_shortfall),
        _amount(f"value at risk at {name}, with what is in full", tail.value_at_risk),
    ]


def _largest(margined: Margined) -> str:
    if margined.core == margined.tail.expected_shortfall:
        return "the expected shortfall"
    if margined.core == margined.jump_to_resolution:
        return "the jump to resolution"
    return "the floor"


def _account_lines(amounts: AccountAmounts, schedule: Mapping) -> list[str]:
    lines = ["Account, booked up to a centicent"]
    lines.append(_booked("initial margin of both books", amounts.initial_margin))
    share = f"{schedule['maintenance_bps'] / 100:g} %"
    lines.append(_booked(f"maintenance margin: {share} of it", amounts.maintenance_margin))
    for asset, amount, value in amounts.collateral_values:
        why = (
            "tied to an event that it holds"
            if asset in amounts.tied_assets
            else "after its haircut"
        )
        held = f"collateral {asset}: {dollars(amount * MICROS_PER_CENTICENT)}, {why}"
        lines.append(_booked(held, value))
    lines.append(_booked("collateral", amounts.collateral))
    return [*lines, _booked("to call", amounts.call)]


def dollars(micros: int) -> str:
    """Exactly, with six decimals."""
    whole, part = divmod(abs(micros), 1_000_000)
    return f"{'-' if micros < 0 else ''}{whole:,}.{part:06d}"


def _amount(label: str, micros: int) -> str:
    return _cells(label, dollars(micros))


def _booked(label: str, centicents: int) -> str:
    return _amount(label, centicents * MICROS_PER_CENTICENT)


def _cells(label: str, *cells: str) -> str:
    return f"  {label}".ljust(LABEL_WIDTH) + "".join(f"{cell:>{AMOUNT_WIDTH}}" for cell in cells)
