"""Rows of the stage stress for ``plausible_venue``: scenarios, losses, cover, reverse stress,
liquidity and one drill."""

import random
from datetime import date, datetime, timedelta

from lake_fixture import Lake
from plausible_search import fill_search

LIQUID = 83_460_000_000
"""Own capital of 15 and deposits of 68.46 thousand million centicents of 12 members."""
SERIES = ("KXHIGHNY", "KXHIGHCHI", "KXHIGHMIA", "KXHIGHAUS", "KXHIGHDEN", "KXFED", "KXCPI")


def fill_stress(lake: Lake, day: date, groups: list[str], rng: random.Random) -> None:
    paid_in = 80_000_000_000
    scenarios = [
        (f"S1-{series}-{state}", "S1", f"{series}: every market resolves as {label} at once", label)
        for series in SERIES
        for state, label in enumerate(("55 or below", "56 to 57", "58 to 59", "60 or above"))
    ]
    scenarios.append(("S2-CLIMATE", "S2", "Every favourite in Climate loses", "favourites lose"))
    scenarios.append(("S5-VOID", "S5", "Every event that allows a void is voided at 50/50", "void"))
    for scenario, family, words, label in scenarios:
        event = scenario.split("-")[1]
        lake.insert(
            "stress.scenarios",
            business_date=day,
            scenario_id=scenario,
            family=family,
            version="1",
            words=words,
            event_ticker=event if family == "S1" else None,
            category="Climate and Weather",
            state_label=label,
            owner="risk",
        )
        shortfalls: list[tuple[int, str]] = []
        funds: dict[str, int] = {}
        for group in groups:
            margin = rng.randint(8, 40) * 1_000_000_000
            loss = int(rng.paretovariate(1.3) * 4_000_000_000) % 90_000_000_000
            own = rng.randint(40, 70) * 100_000_000
            # One account a group: what is beyond its margin is beyond the group's.
            beyond = max(0, loss - margin)
            short = max(0, beyond - own)
            shortfalls.append((short, group))
            funds[group] = own
            lake.insert(
                "stress.group_losses",
                business_date=day,
                scenario_id=scenario,
                affiliate_group=group,
                stressed_loss_centicents=loss,
                margin_required_centicents=margin,
                margin_lost_centicents=0,
                uncovered_centicents=beyond,
                own_fund_centicents=own,
                shortfall_centicents=short,
            )
        shortfalls.sort(key=_by_size)
        (first, first_group), (second, second_group) = shortfalls[:2]
        # Who defaults, because it is short, has paid in nothing that is left.
        without_one = paid_in - (funds[first_group] if first else 0)
        without_two = without_one - (funds[second_group] if second else 0)
        lake.insert(
            "stress.cover",
            business_date=day,
            scenario_id=scenario,
            family=family,
            words=words,
            cover_1_centicents=first,
            cover_1_group=first_group,
            cover_1_prefunded_centicents=without_one,
            cover_1_covered=first <= without_one,
            cover_1_covered_with_assessments=True,
            cover_2_centicents=first + second,
            cover_2_groups=f"{first_group}, {second_group}",
            prefunded_centicents=without_two,
            covered=first + second <= without_two,
            covered_with_assessments=first + second <= without_two + 1_000_000_000,
            exhausted_by=_exhausting(shortfalls, funds, paid_in),
        )
    _fill_reverse(lake, day)
    _fill_liquidity(lake, day, groups)
    _fill_drill(lake, day, groups)
    fill_search(lake, day, groups)


def _exhausting(shortfalls: list[tuple[int, str]], funds: dict[str, int], left: int) -> str:
    """The fewest groups whose shortfalls and contributions are more than all that is paid in."""
    gone: list[str] = []
    costs = sorted(
        ((short + funds[group], group) for short, group in shortfalls if short), key=_by_size
    )
    for cost, group in costs:
        gone.append(group)
        left -= cost
        if left < 0:
            return ", ".join(gone)
    return ""


def _fill_reverse(lake: Lake, day: date) -> None:
    """Two resolutions exhaust 12,000,000 dollars; 0.08 x 0.0004 = 0.000032 independently."""
    lake.insert(
        "stress.reverse",
        business_date=day,
        resolutions=2,
        proven=True,
        at_least=2,
        least_resolutions=2,
        excess_centicents=1_234_560_000,
        resources_centicents=120_000_000_000,
        independent_probability=0.000032,
        correlated_probability=0.0004,
        events=20,
        nodes=4_321,
        node_limit=20_000,
        version="1",
    )
    for number, (series, state, probability) in enumerate(
        ((SERIES[0], "60 or above", 0.08), (SERIES[1], "55 or below", 0.0004)), start=1
    ):
        lake.insert(
            "stress.reverse_resolutions",
            business_date=day,
            resolution=number,
            event_ticker=f"{series}-{day:%y%b%d}".upper(),
            category="Climate and Weather",
            state_label=state,
            probability=probability,
        )


def _fill_liquidity(lake: Lake, day: date, groups: list[str]) -> None:
    """A morning payment, payouts in the afternoon; with two failing short from hour 20 on."""
    begins = datetime(day.year, day.month, day.day, 4) + timedelta(days=1)
    due = {9: 20_000_000_000, 12: 15_000_000_000, 20: 25_000_000_000}
    for failing in (1, 2):
        outflow, left = 0, []
        for hour in range(24):
            now = failing * due.get(hour, 0)
            outflow += now
            resources = LIQUID + (30_000_000_000 if hour >= 2 else 0)
            left.append(resources - outflow)
            lake.insert(
                "stress.liquidity_hours",
                business_date=day,
                currency="USD",
                failing_payers=failing,
                hour=hour,
                from_utc=begins + timedelta(hours=hour),
                due_centicents=now,
                outflow_centicents=outflow,
                gross_outflow_centicents=2 * outflow,
                resources_centicents=resources,
                left_centicents=left[-1],
            )
        survived = next((hour for hour, amount in enumerate(left) if amount < 0), 24)
        lake.insert(
            "stress.liquidity",
            business_date=day,
            currency="USD",
            failing_payers=failing,
            affiliate_groups=", ".join(groups[:failing]),
            scenario_id="S2-CLIMATE",
            words="Every favourite in Climate loses",
            outflow_centicents=outflow,
            gross_outflow_centicents=2 * outflow,
            gross_covered=False,
            resources_centicents=LIQUID + 30_000_000_000,
            first_resources_centicents=LIQUID,
            least_left_centicents=min(left),
            hours=24,
            hours_survived=survived,
            covered=survived == 24,
            paid_centicents=36_000_000_000,
            members=12,
            floor_days=12,
            floor_centicents=3_000_000_000,
        )

    _fill_facilities(lake, day)


def _fill_facilities(lake: Lake, day: date) -> None:
    """Own capital first, then the fund, then the credit line, which the first failure spares."""
    capital, fund, credit = 15_000_000_000, LIQUID - 15_000_000_000, 30_000_000_000
    draws = (
        (1, 1, "L3", 9, 0, capital, capital, 0),
        (1, 2, "L4", 9, 0, fund, 5_000_000_000, fund - 5_000_000_000),
        (1, 2, "L4", 12, 0, fund, 15_000_000_000, fund - 20_000_000_000),
        (1, 2, "L4", 20, 0, fund, 25_000_000_000, fund - 45_000_000_000),
        (1, 3, "L8", 2, 2, credit, 0, credit),
        (2, 1, "L3", 9, 0, capital, capital, 0),
        (2, 2, "L4", 9, 0, fund, 25_000_000_000, fund - 25_000_000_000),
        (2, 2, "L4", 12, 0, fund, 30_000_000_000, fund - 55_000_000_000),
        (2, 2, "L4", 20, 0, fund, fund - 55_000_000_000, 0),
        (2, 3, "L8", 20, 2, credit, credit, 0),
    )
    for failing, order, facility, hour, notice, capacity, drawn, remaining in draws:
        lake.insert(
            "stress.liquidity_facilities",
            business_date=day,
            currency="USD",
            failing_payers=failing,
            draw_order=order,
            facility=facility,
            hour=hour,
            notice_hours=notice,
            capacity_centicents=capacity,
            drawn_centicents=drawn,
            remaining_centicents=remaining,
        )


def _by_size(pair: tuple[int, str]) -> tuple[int, str]:
    return (-pair[0], pair[1])


def _fill_drill(lake: Lake, day: date, groups: list[str]) -> None:
    lake.insert(
        "stress.drill",
        business_date=day,
        drill_id="DRILL-1",
        affiliate_group=groups[0],
        scenario_id="S2-CLIMATE",
        loss_centicents=91_234_567_890,
        unallocated_centicents=0,
    )
    layers = (
        ("L1", "defaulter_margin", "Defaulter's margin and collateral", 38_000_000_000),
        ("L2", "defaulter_fund", "Defaulter's guaranty fund contribution", 14_000_000_000),
        ("L3", "own_capital", "The clearing house's own capital, junior", 15_000_000_000),
        ("L4", "survivors_fund", "Survivors' guaranty fund contributions", 58_000_000_000),
        ("L5", "insurance", "Default insurance", 10_000_000_000),
        ("L6", "assessment", "Assessments on survivors", 116_000_000_000),
        ("L7", "gains_haircut", "Variation margin gains haircut", 9_000_000_000),
    )
    left = 91_234_567_890
    for order, (layer, kind, words, size) in enumerate(layers, start=1):
        used = min(left, size)
        left -= used
        lake.insert(
            "stress.drill_layers",
            business_date=day,
            drill_id="DRILL-1",
            layer_order=order,
            layer_id=layer,
            layer_type=kind,
            words=words,
            size_centicents=size,
            used_centicents=used,
            remaining_centicents=size - used,
        )
        if kind != "survivors_fund":
            lake.insert(
                "stress.drill_allocations",
                business_date=day,
                drill_id="DRILL-1",
                layer_id=layer,
                party={"own_capital": "clearing house", "insurance": "insurer"}.get(kind, "M001"),
                amount_centicents=used,
            )
            continue
        shares = [used // 10] * 9 + [used - used // 10 * 9]
        for number, share in enumerate(shares):
            lake.insert(
                "stress.drill_allocations",
                business_date=day,
                drill_id="DRILL-1",
                layer_id=layer,
                party=f"M{number + 3:03d}",
                amount_centicents=share,
            )
    for number in range(30):
        lake.insert(
            "stress.drill_positions",
            business_date=day,
            drill_id="DRILL-1",
            account_id="A00001" if number % 2 else "A00013",
            ticker=f"KXHIGHNY-{day:%y%b%d}-B{54 + number}.5".upper(),
            closing_qty=(-1) ** number * (30 - number) * 12_500,
            mark_centicents=300 + 310 * number,
        )
