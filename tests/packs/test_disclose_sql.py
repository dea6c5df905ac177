"""The SQL of sql/disclose: its form, and its results against rows counted by hand."""

import re
from datetime import date

import pytest
import sqlglot
from lake_fixture import DAY, PREVIOUS, SQL, Lake
from plausible_venue import filled_lake
from sqlglot import exp

from reporting.engine.tables import all_tables

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packs-sql")]

FILES = sorted(SQL.glob("*.sql"))
BANNED = (exp.Pivot, exp.Qualify, exp.ArrayAgg, exp.List, exp.Star)


def _names(path) -> str:
    return path.stem


@pytest.mark.parametrize("path", FILES, ids=_names)
def test_each_file_is_one_described_ordered_portable_select(path) -> None:
    text = path.read_text()
    for field in ("grain", "meaning", "owner"):
        assert re.search(rf"^-- {field}: \S", text, flags=re.MULTILINE), field
    statements = sqlglot.parse(text, read="duckdb")
    assert len(statements) == 1
    select = statements[0]
    assert isinstance(select, exp.Select)
    assert select.args.get("order"), "rows must have a fixed order"
    own = {cte.alias for cte in select.find_all(exp.CTE)}
    read = {f"{t.db}.{t.name}" for t in select.find_all(exp.Table) if t.name not in own}
    assert read <= all_tables().keys(), read - all_tables().keys()
    assert sqlglot.transpile(text, read="duckdb", write="spark")
    counted = [s for s in select.find_all(exp.Star) if not isinstance(s.parent, exp.Count)]
    assert not counted
    assert not [node for kind in BANNED[:-1] for node in select.find_all(kind)]


@pytest.fixture(scope="module")
def two_days() -> Lake:
    lake = filled_lake(days=2)
    lake.flush()
    return lake


@pytest.mark.parametrize("path", FILES, ids=_names)
def test_results_hold_no_floating_point(path, two_days) -> None:
    result = two_days.connection.execute(path.read_text(), {"business_date": DAY})
    kinds = {str(column[1]) for column in result.description}
    assert kinds <= {"DATE", "VARCHAR", "BIGINT", "BOOLEAN", "TIMESTAMP", "INTEGER", "HUGEINT"}
    assert result.description[0][0] == "business_date"


def test_every_file_runs_on_an_empty_lake() -> None:
    tables = Lake().disclose(DAY)
    assert tables["margin_by_member"] == []
    assert {row["today"] for row in tables["key_figures"] if row["figure"] != "findings_error"} <= {
        None,
        0,
    }


def _margin(lake: Lake, day: date, account: str, member: str, amount: int, origin="house") -> None:
    lake.insert(
        "recompute.account_margin",
        business_date=day,
        account_id=account,
        member_id=member,
        origin=origin,
        worst_case_centicents=2 * amount,
        core_centicents=amount,
        add_ons_centicents=0,
        initial_margin_centicents=amount,
        maintenance_margin_centicents=amount,
        jump_to_resolution_centicents=amount,
        collateral_value_centicents=amount,
        call_centicents=0,
    )


def test_margin_and_previous_date_by_hand() -> None:
    lake = Lake()
    _margin(lake, PREVIOUS, "A1", "M1", 70)
    _margin(lake, date(2025, 4, 1), "A1", "M1", 5)
    _margin(lake, date(2025, 4, 9), "A1", "M1", 999)
    _margin(lake, DAY, "A1", "M1", 100)
    _margin(lake, DAY, "A2", "M1", 40, "customer")
    for account, venue, status in (("A1", 110, "OVER"), ("A2", 40, "MATCH"), ("A3", 7, "OVER")):
        lake.insert(
            "recompute.margin_breaks",
            business_date=DAY,
            account_id=account,
            member_id="M2" if account == "A3" else "M1",
            status=status,
            cause="MARK",
            venue_initial_centicents=venue,
            recomputed_initial_centicents={"A1": 100, "A2": 40, "A3": 0}[account],
        )
    tables = lake.disclose(DAY)
    first, second = tables["margin_by_member"]
    assert (first["member_id"], first["house_initial_margin_centicents"]) == ("M1", 100)
    assert first["customer_initial_margin_centicents"] == 40
    assert (first["charged_initial_margin_centicents"], first["difference_centicents"]) == (150, 10)
    assert (second["member_id"], second["difference_centicents"]) == ("M2", 7)
    figures = {row["figure"]: row for row in tables["key_figures"]}
    assert figures["initial_margin"]["today"] == 140
    assert figures["initial_margin"]["previous"] == 70
    assert figures["initial_margin"]["previous_business_date"] == PREVIOUS
    assert (figures["breaks"]["today"], figures["margin_difference"]["today"]) == (2, 17)
    assert [row["initial_margin_centicents"] for row in tables["margin_history"]] == [5, 70, 140]


def test_concentration_by_hand() -> None:
    lake = Lake()
    for account, amount in (("A1", 600), ("A2", 300), ("A3", 100)):
        _margin(lake, DAY, account, account.replace("A", "M"), amount)
    rows = lake.disclose(DAY)["concentration"]
    by_account = [row for row in rows if row["measure"] == "margin by account"]
    assert [row["share_ppm"] for row in by_account] == [600_000, 300_000, 100_000]
    assert {row["herfindahl_index"] for row in by_account} == {3600 + 900 + 100}


def test_exposures_by_kind_the_largest_first_and_all_counted() -> None:
    lake = Lake()
    for kind, subject, amount in (
        ("WRONG_WAY", "W/E", 9),
        ("CONCENTRATION", "B/T", 5),
        ("CONCENTRATION", "A/T", 5),
        *(("CONCENTRATION", f"C{n}/T", 1_000 + n) for n in range(120)),
        ("LEVERAGE", "L", 999),
    ):
        lake.insert(
            "recompute.exposures",
            business_date=DAY,
            kind=kind,
            subject=subject,
            account_id=subject[0],
            words="",
            amount_centicents=amount,
            threshold_centicents=0,
        )
    rows = lake.disclose(DAY)["exposures"]
    first = ["W/E", "L"]
    assert [row["subject"] for row in rows] == first + [f"C{n}/T" for n in range(119, 21, -1)]
    assert {row["exposures"] for row in rows} == {124}


def test_haircut_is_floored_per_holding() -> None:
    lake = Lake()
    for account in ("A1", "A2"):
        lake.insert(
            "validate.collateral",
            business_date=DAY,
            account_id=account,
            asset_type="treasury",
            custodian="C",
            value_centicents=99,
            haircut_bps=200,
            segregation="segregated",
            reuse=False,
        )
    (row,) = lake.disclose(DAY)["collateral_by_type"]
    assert (row["value_after_haircut_centicents"], row["haircut_centicents"]) == (2 * 97, 2 * 2)


def test_findings_of_a_rule_are_cut_at_twenty_and_still_counted() -> None:
    tables = filled_lake(days=1).disclose(DAY)
    counted = {row["rule_id"]: row["findings"] for row in tables["findings_by_rule"]}
    listed = [row for row in tables["finding_details"] if row["rule_id"] == "TRADES-LATE"]
    assert (counted["TRADES-LATE"], len(listed)) == (24, 20)
    assert listed[0]["file_name"] == "trade_audit.csv.gz"


def _cover(lake: Lake, day: date, family: str, two: int, groups: str = "A, B") -> None:
    lake.insert(
        "stress.cover",
        business_date=day,
        scenario_id=f"{family}-{day:%d}",
        family=family,
        words="",
        cover_1_centicents=two // 2,
        cover_1_group=groups.partition(",")[0],
        cover_1_prefunded_centicents=100,
        cover_2_centicents=two,
        cover_2_groups=groups,
        prefunded_centicents=100,
        covered=two <= 100,
    )


def test_history_by_family_by_hand() -> None:
    """S1: 10, 70, 40 on three dates, S2 only on the first. B requires most margin, A next."""
    lake = Lake()
    days = (date(2025, 4, 1), PREVIOUS, DAY)
    for day, amount in zip(days, (10, 70, 40), strict=True):
        _margin(lake, day, "A1", "M1", 1)
        _cover(lake, day, "S1", amount)
        for group, margin in (("A", 5), ("B", 9), ("C", 1)):
            lake.insert(
                "stress.group_losses",
                business_date=day,
                scenario_id=f"S1-{day:%d}",
                affiliate_group=group,
                stressed_loss_centicents=0,
                margin_required_centicents=margin,
                margin_lost_centicents=0,
                own_fund_centicents=0,
                shortfall_centicents=0,
            )
    _cover(lake, days[0], "S2", 120, "C")
    tables = lake.disclose(DAY)
    found = {(row["family"], row["window_days"]): row for row in tables["family_history"]}
    assert found.keys() == {("S1", 1), ("S1", 30), ("S1", 90), ("S1", 250)} | {
        ("S2", 30), ("S2", 90), ("S2", 250)
    }  # fmt: skip
    assert found["S1", 1]["peak_cover_2_centicents"] == 40
    peak = found["S1", 30]
    assert (peak["peak_cover_2_centicents"], peak["peak_date"], peak["days"]) == (70, PREVIOUS, 3)
    assert (peak["peak_scenario_id"], peak["peak_groups"]) == ("S1-07", "A, B")
    assert (peak["peak_first_rank"], peak["peak_second_rank"]) == (2, 1)
    assert peak["peak_cover_1_centicents"] == 35
    alone = found["S2", 90]
    assert (alone["peak_first_rank"], alone["peak_second_rank"]) == (3, None)
    history = tables["cover_history"]
    assert [row["cover_2_centicents"] for row in history] == [120, 70, 40]
    assert history[0]["cover_2_scenario_id"] == "S2-01"


def _liquidity(lake: Lake, day: date, failing: int, left: int, hours: int) -> None:
    lake.insert(
        "stress.liquidity",
        business_date=day,
        currency="USD",
        failing_payers=failing,
        affiliate_groups=f"G{day:%d}",
        scenario_id=f"S2-{day:%d}",
        least_left_centicents=left,
        hours_survived=hours,
    )


def test_history_of_liquidity_by_hand() -> None:
    """31 dates, 9 March to 8 April: the oldest, the worst of all, is beyond the 30 latest. On
    20 and 21 March equally little is left; fewest hours are survived on another date."""
    lake = Lake()
    for back in range(31):
        day = date.fromordinal(DAY.toordinal() - back)
        left = {30: -99, 19: 5, 18: 5}.get(back, 70)
        _liquidity(lake, day, 1, left, {30: 1, 7: 12}.get(back, 24))
    _liquidity(lake, DAY, 2, -3, 9)
    _liquidity(lake, date(2025, 4, 9), 2, -50, 0)
    one, two = lake.disclose(DAY)["liquidity_history"]
    assert (one["failing_payers"], one["days"], one["least_left_centicents"]) == (1, 30, 5)
    assert (one["history_date"], one["affiliate_groups"]) == (date(2025, 3, 21), "G21")
    assert (one["scenario_id"], one["least_hours_survived"]) == ("S2-21", 12)
    assert (two["days"], two["least_left_centicents"], two["least_hours_survived"]) == (1, -3, 9)
