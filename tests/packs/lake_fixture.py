"""A small lake in memory with the tables that ``sql/disclose`` reads, filled with made-up rows.

Only the shapes matter here (names and types of DESIGN's lake tables); the amounts are
plausible, not computed by the model, so that these tests do not rest on other stages.
"""

import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow

DAY = date(2025, 4, 8)
PREVIOUS = date(2025, 4, 7)
SQL = Path(__file__).resolve().parents[2] / "sql" / "disclose"
FINDINGS = (
    "finding_id VARCHAR, rule_id VARCHAR, severity VARCHAR, stage VARCHAR, subject VARCHAR,"
    " detail VARCHAR, file_sha256 VARCHAR, line BIGINT, state VARCHAR, owner VARCHAR"
)
TABLES = {
    "land.files": "file_sha256 VARCHAR, stream VARCHAR, sender VARCHAR, sequence BIGINT,"
    " name VARCHAR, format VARCHAR, bytes BIGINT, rows_claimed BIGINT, rows_read BIGINT,"
    " rows_good BIGINT, status VARCHAR, as_of_utc TIMESTAMP, synthetic BOOLEAN, history BOOLEAN",
    "land.findings": FINDINGS,
    "validate.findings": FINDINGS,
    "validate.members": "member_id VARCHAR, name VARCHAR, lei VARCHAR, affiliate_group VARCHAR,"
    " clears_for VARCHAR, status VARCHAR",
    "validate.accounts": "account_id VARCHAR, member_id VARCHAR, origin VARCHAR,"
    " segregation_class VARCHAR, margin_permission BOOLEAN",
    "validate.collateral": "account_id VARCHAR, asset_type VARCHAR, custodian VARCHAR,"
    " value_centicents BIGINT, haircut_bps BIGINT, segregation VARCHAR, reuse BOOLEAN",
    "validate.guaranty_fund": "member_id VARCHAR, required_centicents BIGINT,"
    " deposited_centicents BIGINT",
    "validate.resources": "layer_order BIGINT, layer_id VARCHAR, layer_type VARCHAR,"
    " amount_centicents BIGINT, cap_multiple_bps BIGINT, prefunded BOOLEAN, words VARCHAR",
    "validate.margin_schedule": "version VARCHAR, effective_date DATE, approver VARCHAR,"
    " reason VARCHAR, parameters VARCHAR",
    "recompute.findings": FINDINGS,
    "recompute.marks": "ticker VARCHAR, event_ticker VARCHAR, mark_centicents BIGINT",
    "recompute.open_interest": "ticker VARCHAR, event_ticker VARCHAR, open_interest_qty BIGINT,"
    " venue_open_interest_qty BIGINT, volume_qty BIGINT, trades BIGINT,"
    " money_at_risk_centicents BIGINT",
    "recompute.trade_sides": "trade_id VARCHAR, account_id VARCHAR, collateralisation VARCHAR,"
    " signed_qty BIGINT, fee_centicents BIGINT",
    "recompute.position_breaks": "account_id VARCHAR, ticker VARCHAR, recomputed_qty BIGINT,"
    " venue_qty BIGINT, difference_qty BIGINT",
    "recompute.cash_ledger": "account_id VARCHAR, entry_kind VARCHAR, amount_centicents BIGINT",
    "recompute.account_margin": "account_id VARCHAR, member_id VARCHAR, origin VARCHAR,"
    " worst_case_centicents BIGINT, core_centicents BIGINT, add_ons_centicents BIGINT,"
    " initial_margin_centicents BIGINT, maintenance_margin_centicents BIGINT,"
    " jump_to_resolution_centicents BIGINT, collateral_value_centicents BIGINT,"
    " call_centicents BIGINT, schedule_version VARCHAR",
    "recompute.margin_breaks": "account_id VARCHAR, member_id VARCHAR, status VARCHAR,"
    " cause VARCHAR, venue_initial_centicents BIGINT, recomputed_initial_centicents BIGINT,"
    " difference_centicents BIGINT, position_effect_centicents BIGINT,"
    " mark_effect_centicents BIGINT, netting_effect_centicents BIGINT,"
    " parameter_effect_centicents BIGINT, residual_centicents BIGINT",
    "recompute.obligation_breaks": "account_id VARCHAR, venue_variation_centicents BIGINT,"
    " recomputed_variation_centicents BIGINT, venue_fees_centicents BIGINT,"
    " recomputed_fees_centicents BIGINT, venue_margin_change_centicents BIGINT,"
    " recomputed_margin_change_centicents BIGINT",
    "recompute.calls": "account_id VARCHAR, call_id VARCHAR, venue_amount_centicents BIGINT,"
    " recomputed_amount_centicents BIGINT, state VARCHAR, issued_utc TIMESTAMP,"
    " due_utc TIMESTAMP, met_utc TIMESTAMP, late BOOLEAN",
    "stress.findings": FINDINGS,
    "stress.scenarios": "scenario_id VARCHAR, family VARCHAR, version VARCHAR, words VARCHAR,"
    " event_ticker VARCHAR, category VARCHAR, state_label VARCHAR, owner VARCHAR",
    "stress.group_losses": "scenario_id VARCHAR, affiliate_group VARCHAR,"
    " stressed_loss_centicents BIGINT, margin_required_centicents BIGINT,"
    " own_fund_centicents BIGINT, shortfall_centicents BIGINT",
    "stress.cover": "scenario_id VARCHAR, family VARCHAR, words VARCHAR,"
    " cover_1_centicents BIGINT, cover_1_group VARCHAR, cover_2_centicents BIGINT,"
    " cover_2_groups VARCHAR, prefunded_centicents BIGINT, covered BOOLEAN",
    "stress.drill": "drill_id VARCHAR, affiliate_group VARCHAR, scenario_id VARCHAR,"
    " loss_centicents BIGINT, unallocated_centicents BIGINT",
    "stress.drill_layers": "drill_id VARCHAR, layer_order BIGINT, layer_id VARCHAR,"
    " layer_type VARCHAR, words VARCHAR, size_centicents BIGINT, used_centicents BIGINT,"
    " remaining_centicents BIGINT",
    "stress.drill_allocations": "drill_id VARCHAR, layer_id VARCHAR, party VARCHAR,"
    " amount_centicents BIGINT",
    "stress.drill_positions": "drill_id VARCHAR, account_id VARCHAR, ticker VARCHAR,"
    " closing_qty BIGINT, mark_centicents BIGINT",
}
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
SERIES = ("KXHIGHNY", "KXHIGHCHI", "KXHIGHMIA", "KXHIGHAUS", "KXHIGHDEN", "KXFED", "KXCPI")


class Lake:
    """An in-memory DuckDB with empty lake tables; ``insert`` takes one row by column name."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:")
        self.rows: dict[str, list[dict]] = {name: [] for name in TABLES}
        for schema in sorted({name.split(".")[0] for name in TABLES}):
            self.connection.execute("CREATE SCHEMA " + schema)
        for name, columns in TABLES.items():
            self.connection.execute(
                "CREATE TABLE " + name + " (business_date DATE, " + columns + ")"
            )

    def insert(self, table: str, **row) -> None:
        self.rows[table].append(row)

    def flush(self) -> None:
        for name, rows in self.rows.items():
            if rows:
                self.connection.register("incoming", pyarrow.Table.from_pylist(rows))
                self.connection.execute("INSERT INTO " + name + " BY NAME SELECT * FROM incoming")
                self.connection.unregister("incoming")
            rows.clear()

    def disclose(self, business_date: date = DAY) -> dict[str, list[dict]]:
        """The result of every file of sql/disclose, as ``render_packs`` takes it."""
        self.flush()
        tables = {}
        for path in sorted(SQL.glob("*.sql")):
            cursor = self.connection.execute(path.read_text(), {"business_date": business_date})
            names = [column[0] for column in cursor.description]
            tables[path.stem] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return tables


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
                "legal_class": "swap",
                "liquidation_days": 1,
                "core_floor_bps": 1000,
                "ramp_tau0_seconds": 172800,
                "ramp_tau1_seconds": 691200,
                "maintenance_bps": 8000,
                "haircuts_bps": {"cash": 0, "treasury": 200, "stablecoin": 1000, "crypto": 5000},
                "call_threshold_centicents": 0,
            }
        ),
    )
    groups = _fill_members(lake, day, members, rng)
    _fill_accounts(lake, day, members, accounts, rng)
    _fill_markets(lake, day, rng)
    _fill_findings(lake, day)
    _fill_stress(lake, day, groups, rng)


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


def _fill_accounts(lake: Lake, day: date, members: int, accounts: int, rng: random.Random) -> None:
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


def _fill_markets(lake: Lake, day: date, rng: random.Random) -> None:
    for series in SERIES:
        for strike in range(6):
            ticker = f"{series}-{day:%y%b%d}-B{54 + 2 * strike}.5".upper()
            interest = int(rng.paretovariate(1.1) * 1_500_000) % 90_000_000
            lake.insert(
                "recompute.marks",
                business_date=day,
                ticker=ticker,
                event_ticker=ticker.rsplit("-", 1)[0],
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
        ("stress", "STRESS-COMBINATION", "INFO", "KXMVE-1", "COMBINATION_AS_BINARY", None, None),
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


def _fill_stress(lake: Lake, day: date, groups: list[str], rng: random.Random) -> None:
    prefunded = 80_000_000_000
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
        shortfalls = []
        for group in groups:
            margin = rng.randint(8, 40) * 1_000_000_000
            loss = int(rng.paretovariate(1.3) * 4_000_000_000) % 90_000_000_000
            own = rng.randint(40, 70) * 100_000_000
            short = max(0, loss - margin - own)
            shortfalls.append((short, group))
            lake.insert(
                "stress.group_losses",
                business_date=day,
                scenario_id=scenario,
                affiliate_group=group,
                stressed_loss_centicents=loss,
                margin_required_centicents=margin,
                own_fund_centicents=own,
                shortfall_centicents=short,
            )
        shortfalls.sort(key=_by_size)
        (first, first_group), (second, second_group) = shortfalls[:2]
        lake.insert(
            "stress.cover",
            business_date=day,
            scenario_id=scenario,
            family=family,
            words=words,
            cover_1_centicents=first,
            cover_1_group=first_group,
            cover_2_centicents=first + second,
            cover_2_groups=f"{first_group}, {second_group}",
            prefunded_centicents=prefunded,
            covered=first + second <= prefunded,
        )
    _fill_drill(lake, day, groups)


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
