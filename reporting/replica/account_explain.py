"""The margin of an account line by line, for a human.

Belongs here: the layout of the amounts from `account`; nothing is computed here. Amounts are
dollars with six aligned decimals; scenarios are numbered from 1.
"""

from collections.abc import Mapping

from reporting.replica.account import AccountAmounts, FullyCollateralised, Margined
from reporting.replica.add_ons import AddOn
from reporting.replica.combinations import Credit
from reporting.replica.event_margin import HeldEvent

LABEL_WIDTH = 64
AMOUNT_WIDTH = 18
MICROS_PER_CENTICENT = 100
MAX_TAIL_LINES = 10
"""Number of tail scenarios shown individually, worst first."""


def account_explanation(amounts: AccountAmounts, schedule: Mapping) -> list[str]:
    """Event by event, the tail, the legs of the core, add-ons, margin, collateral, call."""
    lines = []
    for number, held in enumerate(amounts.margined.events, start=1):
        lines += [*_event_lines(number, held), ""]
    if not amounts.margined.events:
        lines += ["It holds no margined position.", ""]
    lines += [*_full_lines(amounts.fully_collateralised), ""]
    if amounts.margined.events:
        lines += [*_tail_lines(amounts.margined), "", *_cluster_lines(amounts.margined), ""]
        lines += [*_add_on_lines(amounts.margined.positions_add_ons), ""]
        lines += [*_core_lines(amounts.margined, schedule), ""]
    return lines + _account_lines(amounts, schedule)


def _event_lines(number: int, held: HeldEvent) -> list[str]:
    event, p = held.event, held.parameters
    lines = [f"Event {number}: {event.ticker} ({event.structure}), {event.title}"]
    lines.append(
        f"  {p.legal_class}, {p.liquidation_days} d to liquidate, {p.tau_days:.4f} d to resolve;"
        f" in full up to {float(p.tau0_days):g} d, not from {float(p.tau1_days):g} d"
    )
    lines.append(
        f"  sigma {p.sigma:.6f}: average {p.ewma:.6f}, stress {p.stress:.6f},"
        f" ten-year {p.ten_year:.6f}, bridge {p.bridge:.6f}; rho {p.rho:g}"
    )
    if event.structure != "binaries":
        lines.append(
            f"  resolves in the period with probability {p.jump_probability:.6f}, under stress"
            f" {p.stress_jump_probability:.6f}; cluster {p.cluster}"
        )
    lines.append(_cells("contract", "quantity", "mark", "model price"))
    for contract in held.contracts:
        cells = [f"{contract.quantity / 100:,.2f}", f"{contract.mark / 10_000:.4f}"]
        model = contract.model_price
        lines.append(_cells(contract.ticker, *cells, "" if model is None else f"{model:.6f}"))
    lines.append(
        _amount(f"worst-case loss W, in state: {held.worst_case.state}", held.worst_case.micros)
    )
    why = " (wrong-way exposure)" if held.wrong_way else ""
    lines.append(_amount(f"ramp weight w = {float(held.ramp):.6f}{why}: w x W", held.ramped_micros))
    kappa = f"{float(p.kappa):g}"
    lines.append(_amount(f"jump to resolution, cluster {p.cluster}: {kappa} x W", held.jump_micros))
    return lines


def _full_lines(full: FullyCollateralised) -> list[str]:
    if not full.worst_cases:
        return ["It holds no fully collateralised position."]
    lines = ["Fully collateralised book: its worst-case loss is held"]
    for name, worst in full.worst_cases.items():
        lines.append(_amount(f"{name}, in state: {worst.state}", worst.micros))
    return [*lines, *_credit_lines(full.credits), _amount("together", full.worst_case)]


def _credit_lines(credits: list[Credit]) -> list[str]:
    return [
        _amount(f"less: {', '.join(credit.combinations)} with their legs", -credit.micros)
        for credit in credits
    ]


def _tail_lines(margined: Margined) -> list[str]:
    tail = margined.tail
    lines = [f"The {len(tail)} worst of {len(margined.losses)} scenarios, without what is in full"]
    for scenario in tail[:MAX_TAIL_LINES]:
        lines.append(_amount(f"scenario {scenario + 1}", round(margined.losses[scenario])))
        parts = [
            (sum(c.losses[scenario] for c in held.contracts if c.losses), held.event.ticker)
            for held in margined.events
            if held.ramp < 1
        ]
        loss, name = max(parts, default=(0.0, ""))
        if name:
            lines.append(_amount(f"  of that, most in {name}", round(loss)))
    if len(tail) > MAX_TAIL_LINES:
        lines.append(f"  and {len(tail) - MAX_TAIL_LINES} more")
    return lines


def _cluster_lines(margined: Margined) -> list[str]:
    dearest = sorted(margined.jump_by_cluster.items(), key=lambda pair: (-pair[1], pair[0]))
    lines = ["Jump to resolution: the dearest clusters"]
    return lines + [_amount(cluster, micros) for cluster, micros in dearest[:3]]


def _add_on_lines(added: list[AddOn]) -> list[str]:
    lines = ["Add-ons for liquidity and concentration"]
    lines.append(_cells("position", "quantity", "per contract", "times", "amount"))
    for add_on in added:
        cost = min(add_on.bound, add_on.cost) / 10_000
        cells = [f"{add_on.quantity / 100:,.2f}", f"{cost:.6f}", f"{add_on.factor:.4f}"]
        lines.append(_cells(add_on.ticker, *cells, dollars(round(add_on.micros))))
    return lines


def _core_lines(margined: Margined, schedule: Mapping) -> list[str]:
    singles = sum(held.worst_case.micros for held in margined.events)
    lines = ["Margined book", _amount("worst-case losses of its events", singles)]
    lines += _credit_lines(margined.credits)
    lines.append(_amount("worst-case loss W, not below zero", margined.worst_case))
    lines.append(_amount("in full in every scenario: sum of w x W", margined.held_in_full))
    lines.append(_amount("expected shortfall, with what is in full", margined.expected_shortfall))
    lines.append(_amount("value at risk, with what is in full", margined.value_at_risk))
    where = f", cluster {margined.jump_cluster}" if margined.jump_cluster else ""
    lines.append(_amount(f"jump to resolution{where}", margined.jump_to_resolution))
    lines.append(_amount(f"floor: {schedule['core_floor_bps'] / 100:g} % of W", margined.floor))
    lines.append(_amount(f"core: {_largest(margined)} is the largest", margined.core))
    lines.append(_amount("add-ons", margined.add_ons))
    capped = margined.core + margined.add_ons > margined.worst_case
    why = "the worst-case loss" if capped else "core and add-ons"
    return [*lines, _amount(f"initial margin: {why}", margined.initial)]


def _largest(margined: Margined) -> str:
    if margined.core == margined.expected_shortfall:
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
