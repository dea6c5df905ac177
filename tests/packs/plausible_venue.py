"""A lake of a plausible venue: made-up rows with breaks, calls, scenarios and a drill.

The amounts are plausible, not computed by the model, so that the tests of the packs do not
rest on other stages.
"""

import json
import random
from datetime import date, datetime, timedelta

from lake_fixture import DAY, Lake
from plausible_accounts import fill_accounts
from plausible_metrics import fill_metrics
from plausible_stress import SERIES, fill_stress

NAMES = (
    "Alder Street Trading",
    "Bellweather Clearing",
    "Cascade Prime Services",
    "Dunmore Securities",
    "Eastgate Derivatives",
    "Fulton Event Markets",
    "Granite Harbor Capital",
    "Hollis & Marsh",
    "Ironbridge Futures",
    "Juniper Liquidity",
    "Kestrel Clearing",
    "Lakeshore Partners",
)


def filled_lake(members: int = 12, accounts: int = 60, days: int = 12, seed: int = 7) -> Lake:
    """A lake of a plausible venue with breaks, calls, scenarios and one drill."""
    lake = Lake()
    for back in reversed(range(days)):
        _fill_day(lake, DAY - timedelta(days=back), members, accounts, random.Random(seed + back))
    return lake


def _fill_day(lake: Lake, day: date, members: int, accounts: int, rng: random.Random) -> None:
    stream_rows = {"trades": 41280, "trade_audit": 82560, "position_snapshot": 1934, "accounts": 60}
    for number, (stream, rows) in enumerate(sorted(stream_rows.items())):
        lake.insert(
            "land.files",
            business_date=day,
            file_sha256=f"{number:064x}",
            stream=stream,
            sender="venue" if stream == "trades" else "clearing",
            sequence=1,
            name=f"{stream}.csv.gz",
            format="csv",
            bytes=rows * 80,
            rows_claimed=rows,
            rows_read=rows,
            rows_good=rows - (3 if stream == "trades" else 0),
            status="landed",
            as_of_utc=datetime(day.year, day.month, day.day, 23, 0),
            synthetic=stream != "trades",
            history=False,
        )
    lake.insert(
        "validate.margin_schedule",
        business_date=day,
        version="2025-2",
        effective_date=date(2025, 3, 17),
        approver="Risk Committee",
        reason="Core floor raised after the February review",
        parameters=json.dumps(
            {
                "legal_class": {"default": "swap", "Economics": "option"},
                "liquidation_days": {"future": 1, "option": 1, "swap": 5},
                "swap_one_day_categories": [],
                "ramp_tau0_seconds": 86400,
                "ramp_tau1_seconds": 604800,
                "core_floor_bps": 1000,
                "alpha_bps": 9900,
                "scenarios": 5000,
                "seed": 20260101,
                "stress_share_bps": 2500,
                "stress_factors_bps": [-35000, -28000, 30000],
                "rho_bps": {"default": 3000},
                "jump_rate_bps_per_day": {"default": 50},
                "stress_jump_multiple_bps": 30000,
                "kappa_bps": {"default": 10000},
                "clusters": {"KXFEDDECISION": "FOMC"},
                "half_spread_centicents": 100,
                "impact_bps": 10000,
                "concentration_share_bps": 1000,
                "maintenance_bps": 8000,
                "haircuts_bps": {"cash": 0, "treasury": 200, "stablecoin": 1000, "crypto": 5000},
                "call_threshold_centicents": 0,
            }
        ),
    )
    groups = _fill_members(lake, day, members, rng)
    fill_accounts(lake, day, members, accounts, rng)
    _fill_markets(lake, day, rng)
    _fill_findings(lake, day)
    fill_stress(lake, day, groups, rng)
    fill_metrics(lake, day, rng)


def _fill_members(lake: Lake, day: date, members: int, rng: random.Random) -> list[str]:
    groups = []
    for number in range(members):
        member = f"M{number + 1:03d}"
        group = f"G{number // 2 + 1:02d}" if number < 4 else f"G{number + 1:02d}"
        if group not in groups:
            groups.append(group)
        name = NAMES[number % len(NAMES)] + ("" if number < len(NAMES) else f" {number}")
        lake.insert(
            "validate.members",
            business_date=day,
            member_id=member,
            name=name,
            affiliate_group=group,
            clears_for="both",
            status="active",
        )
        required = 4_000_000_000 + 250_000_000 * (members - number)
        lake.insert(
            "validate.guaranty_fund",
            business_date=day,
            member_id=member,
            required_centicents=required,
            deposited_centicents=required + (120_000_000 if number % 3 else 0),
        )
    layers = (
        ("defaulter_margin", "Defaulter's margin and collateral", 0, True),
        ("defaulter_fund", "Defaulter's guaranty fund contribution", 0, True),
        ("own_capital", "The clearing house's own capital, junior", 15_000_000_000, True),
        ("survivors_fund", "Survivors' guaranty fund contributions", 0, True),
        ("insurance", "Default insurance", 10_000_000_000, True),
        ("assessment", "Assessments on survivors", 0, False),
        ("gains_haircut", "Variation margin gains haircut", 0, False),
        ("facility", "Committed credit line", 30_000_000_000, False),
    )
    for order, (kind, words, amount, prefunded) in enumerate(layers, start=1):
        lake.insert(
            "validate.resources",
            business_date=day,
            layer_order=order,
            layer_id=f"L{order}",
            layer_type=kind,
            amount_centicents=amount,
            cap_multiple_bps=20000 if kind == "assessment" else None,
            prefunded=prefunded,
            words=words,
        )
    return groups


def _fill_markets(lake: Lake, day: date, rng: random.Random) -> None:
    for series in SERIES:
        for strike in range(6):
            ticker = f"{series}-{day:%y%b%d}-B{54 + 2 * strike}.5".upper()
            interest = int(rng.paretovariate(1.1) * 1_500_000) % 90_000_000
            lake.insert(
                "recompute.marks",
                business_date=day,
                ticker=ticker,
                mark_centicents=rng.randint(1, 99) * 100,
            )
            lake.insert(
                "recompute.open_interest",
                business_date=day,
                ticker=ticker,
                event_ticker=ticker.rsplit("-", 1)[0],
                open_interest_qty=interest,
                venue_open_interest_qty=interest,
                volume_qty=interest // 3,
                trades=interest // 20_000,
                money_at_risk_centicents=interest * 55,
            )


def _fill_findings(lake: Lake, day: date) -> None:
    listed = (
        ("recompute", "RECOMPUTE-POSITION", "ERROR", "A00004/KXHIGHNY-25APR08-B56.5",
         "venue 2,600.00, recomputed 2,500.00 contracts", 2, 17),
        ("recompute", "RECOMPUTE-NETTING", "ERROR", "A00026",
         "venue charged contract by contract; netting within the event is missed", None, None),
        ("recompute", "RECOMPUTE-LATE-CALL", "WARN", "C0408-0010",
         "state says met; met 2 h 0 min after it was due", None, None),
        ("land", "LAND-QUARANTINE", "WARN", "trades.csv.gz", "yes_price: 101.5 is no cent", 2, 812),
        ("validate", "TRADES-LATE", "INFO", "T88812", "created one business date earlier", 2, 4),
        ("stress", "STRESS-COMBINATION", "INFO", "KXMVE-1", "COMBINATION_NOT_NETTED", None, None),
    )  # fmt: skip
    for number, (stage, rule, severity, subject, detail, file, line) in enumerate(listed):
        for copy in range(24 if severity == "INFO" else 1):
            lake.insert(
                f"{stage}.findings",
                business_date=day,
                finding_id=f"F{number}-{copy:03d}",
                rule_id=rule,
                severity=severity,
                stage=stage,
                subject=subject,
                detail=detail,
                file_sha256=None if file is None else f"{file:064x}",
                line=None if line is None else line + copy,
                state="open",
                owner="risk",
            )
