"""Rows of what the stage stress says beside scenarios and losses: headroom, the library, the
search, porting capacity, the layers and the sizing of the fund."""

from datetime import date

from lake_fixture import Lake

LAYERS = (
    ("L3", "own_capital", 15_000_000_000, 12_000_000_000),
    ("L4", "survivors_fund", 0, 68_460_000_000),
    ("L6", "assessment", 0, 116_000_000_000),
    ("L9", "operating_costs", 3_000_000_000, 0),
)


def fill_search(lake: Lake, day: date, groups: list[str]) -> None:
    _fill_headroom(lake, day, groups)
    _fill_library(lake, day)
    _fill_found(lake, day, groups)
    _fill_porting(lake, day, groups)
    _fill_fund(lake, day, groups)


def _fill_headroom(lake: Lake, day: date, groups: list[str]) -> None:
    for number, (scenario, family, loss) in enumerate(
        (("S2b-all", "S2b", 90), ("S3-G", "S3", 75), ("S12-G", "S12", 110), ("S8", "S8", 0))
    ):
        lake.insert(
            "stress.headroom",
            business_date=day,
            scenario_id=scenario,
            family=family,
            words=f"scenario {scenario}",
            margin_group=groups[number] if loss else "",
            margined_loss_centicents=loss * 1_000_000_000,
            margined_margin_centicents=100_000_000_000 if loss else 0,
            loss_of_margin_bps=loss * 100,
            resources_group=groups[0] if loss else "",
            loss_of_resources_bps=loss * 40,
        )


def _fill_library(lake: Lake, day: date) -> None:
    for record, kind, scenarios, reason in (
        ("S2b", "group_sweep", 40, ""),
        ("S3", "gap", 14, ""),
        ("S4", "reversal", 0, "no event with several states was paid on the date"),
    ):
        lake.insert(
            "stress.records",
            business_date=day,
            record_id=record,
            family=record,
            version="2",
            words=f"what {record} does",
            scenario_kind=kind,
            scenario_parameters="quantile_bps 9990",
            owner="risk",
            scenarios=scenarios,
            reason=reason,
        )


def _fill_found(lake: Lake, day: date, groups: list[str]) -> None:
    """One fails: all within margin. Two fail: 30 million dollars short, three clusters."""
    for failing, clusters, short in ((1, 1, 0), (2, 3, 300_000_000_000)):
        lake.insert(
            "stress.search",
            business_date=day,
            groups_failing=failing,
            affiliate_groups=", ".join(groups[:failing]),
            clusters_moved=clusters,
            severity_sd=4.25 if failing == 1 else 2.1,
            independent_probability=0.00001069,
            correlated_probability=0.0000121,
            loss_centicents=900_000_000_000,
            uncovered_centicents=short + 1_000_000 if short else 0,
            shortfall_centicents=short,
            prefunded_centicents=1_000_000_000_000,
            sets_tried=512,
            plausible_per_billion=10_000,
            seed=1,
            version="1",
        )
        for number in range(clusters):
            lake.insert(
                "stress.search_clusters",
                business_date=day,
                groups_failing=failing,
                cluster=f"KXHIGHNY{number}@2025-04-0{number + 1}",
                category="Climate and Weather",
                moved_events=2,
                loss_centicents=(3 - number) * 100_000_000_000,
            )
        layers = (("L2", "defaulter_fund", 101), ("L3", "own_capital", 140), ("end", "end", None))
        for order, (layer, kind, factor) in enumerate(layers, start=1):
            lake.insert(
                "stress.search_multipliers",
                business_date=day,
                groups_failing=failing,
                scope="found",
                layer_order=order,
                layer_id=layer,
                layer_type=kind,
                needed_centicents=order * 10_000_000_000,
                multiplier_e2=factor,
                correlated_probability=None if factor is None else 0.00001 / factor,
            )


def _fill_porting(lake: Lake, day: date, groups: list[str]) -> None:
    for number in range(6):
        placed = number != 5
        lake.insert(
            "stress.porting",
            business_date=day,
            account_id=f"A{number:05d}",
            affiliate_group=groups[number % 2],
            scenario_id=f"S10-{groups[number % 2]}",
            need_centicents=(number + 1) * 1_000_000_000,
            unmet_call_centicents=number * 1_000_000_000,
            beyond_margin_centicents=0,
            added_contribution_centicents=1_000_000_000,
            able_members=3 if placed else 0,
            taker_member_id=f"M{number % 3 + 1:03d}" if placed else "",
            reason="" if placed else "no member outside the group has room for it",
        )


def _fill_fund(lake: Lake, day: date, groups: list[str]) -> None:
    for order, (layer, kind, stated, counted) in enumerate(LAYERS, start=1):
        lake.insert(
            "stress.layers",
            business_date=day,
            layer_order=order,
            layer_id=layer,
            layer_type=kind,
            amount_centicents=stated,
            rule_size_centicents=0,
            operating_costs_centicents=3_000_000_000 if kind == "own_capital" else 0,
            counted_centicents=counted,
        )
    for number in range(12):
        lake.insert(
            "stress.fund_sizing",
            business_date=day,
            member_id=f"M{number + 1:03d}",
            affiliate_group=groups[number % len(groups)],
            stress_centicents=(12 - number) * 10_000_000_000,
            held_qty=(12 - number) * 100_000,
            volume_qty=(12 - number) * 10_000,
            risk_share_bps=(12 - number) * 128,
            fund_needed_centicents=60_000_000_000,
            required_centicents=(12 - number) * 769_230_769,
            deposited_centicents=5_705_000_000,
            deposited_share_bps=833,
            least_share_bps=5_000,
            alike_bps=12_500,
            unlike_bps=30_000,
            version="1",
        )
