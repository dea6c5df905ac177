"""Rows of accounts for ``plausible_venue``: margin, collateral, breaks, cash, calls, trades."""

import random
from datetime import date, datetime, timedelta

from lake_fixture import Lake


def fill_accounts(lake: Lake, day: date, members: int, accounts: int, rng: random.Random) -> None:
    stamp = datetime(day.year, day.month, day.day, 22, 5)
    causes = ("POSITION", "MARK", "NETTING", "PARAMETER", "RESIDUAL", "MISSING")
    for number in range(accounts):
        account, member = f"A{number + 1:05d}", f"M{number % members + 1:03d}"
        origin = "house" if number < members else "customer"
        lake.insert(
            "validate.accounts",
            business_date=day,
            account_id=account,
            member_id=member,
            origin=origin,
            segregation_class="LSOC" if origin == "customer" else "house",
            margin_permission=True,
        )
        worst = int(rng.paretovariate(1.2) * 900_000_000) % 60_000_000_000
        core = worst * rng.randint(35, 80) // 100
        held = core * rng.randint(94, 160) // 100
        lake.insert(
            "recompute.account_margin",
            business_date=day,
            account_id=account,
            member_id=member,
            origin=origin,
            worst_case_centicents=worst,
            core_centicents=core,
            add_ons_centicents=0,
            initial_margin_centicents=core,
            maintenance_margin_centicents=-(-core * 8 // 10),
            jump_to_resolution_centicents=core * 7 // 10,
            collateral_value_centicents=held,
            call_centicents=max(0, core - held),
            schedule_version="2025-2",
        )
        lake.insert(
            "recompute.liquidation_periods",
            business_date=day,
            account_id=account,
            one_day_core_centicents=core // 2,
            one_day_initial_centicents=core // 2,
            five_day_core_centicents=core,
            five_day_initial_centicents=core,
        )
        lake.insert(
            "validate.collateral",
            business_date=day,
            account_id=account,
            asset_type=("cash", "treasury", "stablecoin", "crypto")[number % 4],
            custodian=("First Custody Bank", "Harbor Trust", "Chainvault")[number % 3],
            value_centicents=held * 105 // 100,
            haircut_bps=(0, 200, 1000, 5000)[number % 4],
            segregation="segregated",
            reuse=number % 9 == 0,
        )
        broken = number % 11 == 3
        cause = causes[number // 11 % len(causes)] if broken else "NONE"
        effect = (-1) ** number * core * 18 // 100 + 17 if broken else 0
        venue = None if cause == "MISSING" else core + effect
        difference = -core if cause == "MISSING" else effect
        status = "MATCH" if not broken else "UNDER" if effect < 0 else "OVER"
        lake.insert(
            "recompute.margin_breaks",
            business_date=day,
            account_id=account,
            member_id=member,
            status="MISSING" if cause == "MISSING" else status,
            cause=cause,
            venue_initial_centicents=venue,
            recomputed_initial_centicents=core,
            difference_centicents=difference,
            position_effect_centicents=difference if cause in ("POSITION", "MISSING") else 0,
            mark_effect_centicents=difference if cause == "MARK" else 0,
            netting_effect_centicents=difference if cause == "NETTING" else 0,
            parameter_effect_centicents=difference if cause == "PARAMETER" else 0,
            residual_centicents=difference if cause == "RESIDUAL" else 0,
        )
        variation = (1 if number % 2 else -1) * (number // 2 + 1) * 1_234_567
        lake.insert(
            "recompute.cash_ledger",
            business_date=day,
            account_id=account,
            entry_kind="variation",
            amount_centicents=variation,
        )
        lake.insert(
            "recompute.cash_ledger",
            business_date=day,
            account_id=account,
            entry_kind="fees",
            amount_centicents=-(number * 7919 + 350),
        )
        if core > held:
            late = number % 5 == 0
            lake.insert(
                "recompute.calls",
                business_date=day,
                account_id=account,
                call_id=f"C{day:%m%d}-{number:04d}",
                venue_amount_centicents=core - held,
                recomputed_amount_centicents=core - held,
                state="met",
                issued_utc=stamp,
                due_utc=stamp + timedelta(hours=10),
                met_utc=stamp + timedelta(hours=12 if late else 8),
                late=late,
            )
        for side in range(3):
            lake.insert(
                "recompute.trade_sides",
                business_date=day,
                trade_id=f"T{number}-{side}",
                account_id=account,
                collateralisation="margined" if number % 5 else "fully_collateralised",
                signed_qty=(100 + number) * (1 if side % 2 else -1) * 100,
                fee_centicents=1750,
            )
    lake.insert(
        "recompute.position_breaks",
        business_date=day,
        account_id="A00004",
        ticker="KXHIGHNY-25APR08-B56.5",
        recomputed_qty=250_000,
        venue_qty=260_000,
        difference_qty=10_000,
    )
    lake.insert(
        "recompute.obligation_breaks",
        business_date=day,
        account_id="A00015",
        venue_variation_centicents=-12_340_000,
        recomputed_variation_centicents=-12_300_000,
        venue_fees_centicents=-5_000,
        recomputed_fees_centicents=-5_000,
        venue_margin_change_centicents=0,
        recomputed_margin_change_centicents=0,
    )
