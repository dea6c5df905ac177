"""View models: sentences, totals, what is said where there is nothing to show."""

import pytest
from lake_fixture import DAY, Lake
from rendering import plain

from reporting.packs.common.files import synthetic_words
from reporting.packs.daily import pack as daily_risk_and_margin
from reporting.packs.default import pack as default_management
from reporting.packs.document.tables import Table, table
from reporting.packs.stress import pack as stress_tests
from reporting.packs.stress.history import history_section
from reporting.packs.stress.liquidity import liquidity_section
from reporting.packs.stress.reverse import in_words, reverse_section

VIEWS = (daily_risk_and_margin.view, stress_tests.view, default_management.view)


def _tables_of(pack) -> list[Table]:
    return [item for section in pack.sections for item in section.items if isinstance(item, Table)]


def test_a_cut_table_totals_all_rows_and_says_how_many_are_left_out() -> None:
    rows = [{"name": f"m{n}", "amount": 100 * n} for n in range(1, 11)]
    made = table("T", "s", rows, "name amount:money+", "none", top=3)
    assert made.rows == (("m1", "0.01"), ("m2", "0.02"), ("m3", "0.03"))
    assert made.totals == ("Total", "0.55")
    assert made.left_out == 7
    assert made.left_out_words == "7 further rows are left out here; the total includes all rows."


def test_a_column_of_prices_or_contracts_has_one_number_of_decimals() -> None:
    rows = [{"p": 4_700, "q": 100}, {"p": 4_705, "q": 150}]
    made = table("T", "s", rows, "p:price q:qty", "none")
    assert made.rows == (("0.4700", "1.00"), ("0.4705", "1.50"))
    made = table("T", "s", rows[:1], "p:price q:qty", "none")
    assert made.rows == (("0.47", "1"),)


def test_widths_fill_the_page() -> None:
    made = table("T", "s", [{"a": "x" * 500, "b": 12_345}], "a b:money", "none")
    assert sum(float(width) for width in made.widths) <= 100
    assert made.rows[0][0] == "x" * 104 + "… (+396 characters)"


def test_daily_summary_says_what_the_tables_hold(tables) -> None:
    by_status = {row["status"]: row for row in tables["breaks_by_status"]}
    summary = " ".join(daily_risk_and_margin.view(tables).summary)
    over, under = by_status["OVER"]["accounts"], by_status["UNDER"]["accounts"]
    assert f"in {over} accounts; falls short" in summary
    assert f"in {under} accounts; is missing" in summary
    assert "2 ERROR findings, 2 WARN findings and 48 INFO findings" in summary


def test_splits_of_a_break_sum_to_the_difference(tables) -> None:
    effects = ("position", "mark", "netting", "parameter")
    for row in tables["break_details"]:
        parts = sum(row[f"{name}_effect_centicents"] for name in effects)
        assert parts + row["residual_centicents"] == row["difference_centicents"]


def test_drill_table_walks_down_to_the_unallocated_rest(tables) -> None:
    pack = default_management.view(tables)
    (layers,) = [part for part in _tables_of(pack) if part.source == "drill_layers"]
    assert layers.rows[0][-1] == "5,323,456.7890"
    assert layers.rows[-1][-1] == "0.0000"
    assert layers.totals[3] == "9,123,456.7890"


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_day_is_told_in_words(view) -> None:
    pack = view(plain(Lake().disclose(DAY)))
    assert all(part.empty_words for part in _tables_of(pack))
    assert not any(part.rows for part in _tables_of(pack))
    assert pack.previous_date is None
    assert pack.summary[0].startswith("No ")


def test_synthetic_words_follow_the_manifests(tables) -> None:
    assert synthetic_words(tables) == (
        "Accounts, position snapshot and trade audit were generated and belong to no real "
        "member. Real data were sent by: venue."
    )
    files = tables["files_landed"]
    real = [{**row, "synthetic_files": 0} for row in files]
    assert synthetic_words({"files_landed": real}) == ""
    every = [{**row, "synthetic_files": row["files"]} for row in files]
    assert synthetic_words({"files_landed": every}).startswith("All data in this pack")


def test_a_peak_of_nothing_has_no_day_and_no_scenario() -> None:
    """Where no scenario needs prefunded resources, none of them is named as the worst."""
    row = {
        "business_date": "2025-04-08",
        "history_date": "2025-04-07",
        "cover_1_centicents": 0,
        "cover_2_centicents": 0,
        "cover_2_scenario_id": "S2-Sports",
        "prefunded_centicents": 10_000,
    }
    family = {"family": "S2", "peak_cover_2_centicents": 0, "peak_date": "2025-04-07"}
    family |= {"peak_scenario_id": "S2-Sports", "peak_groups": "", "peak_first_rank": 3}
    words, _, windows, of_one, families = history_section(
        {
            "cover_history": [row, {**row, "history_date": "2025-04-08"}],
            "family_history": [
                {**family, "peak_second_rank": None, "window_days": days} for days in (1, 250)
            ],
        }
    ).items
    assert "S2-Sports" not in str(families.rows)
    assert words == "No scenario needed prefunded resources on any of 2 business dates."
    assert "S2-Sports" not in str(windows.rows)
    assert [row[-1] for row in of_one.rows] == ["—", "—"]


def test_cover_1_has_its_windows_by_hand() -> None:
    """32 dates of 1, 2, ... 32 dollars but 90 on the first: the latest 30 are 3 to 32, 525 in all,
    17.50 on average; all 32 are 90 + 2 + 525 = 617, 19.28125."""
    rows = [
        {
            "business_date": "2025-04-08",
            "history_date": "2025-04-08" if n == 32 else f"2025-03-{n:02d}",
            "cover_1_centicents": (90 if n == 1 else n) * 10_000,
            "cover_2_centicents": 100 * 10_000,
            "cover_2_scenario_id": "S2",
            "cover_2_groups": "A, B",
            "cover_2_first_rank": 1,
            "cover_2_second_rank": 2,
            "prefunded_centicents": 10**7,
        }
        for n in range(1, 33)
    ]
    items = history_section({"cover_history": rows, "family_history": []}).items
    (found,) = [item for item in items if isinstance(item, Table) and "Cover-1" in item.title]
    assert found.rows == (
        ("today", "32.0000", "32.0000", "8 April 2025"),
        ("30 dates", "17.5000", "32.0000", "8 April 2025"),
        ("90 dates (32 loaded)", "19.2812", "90.0000", "1 March 2025"),
    )


def test_reverse_stress_says_what_is_proven(tables) -> None:
    """0.000032 is one in 31,250; 0.0004 is 0.04 %."""
    first, likely, resolved = reverse_section(tables).items
    assert first == (
        "2 simultaneous resolutions among the 20 largest events exhaust prefunded resources of "
        "$12,000,000, with a shortfall of $123,456. No smaller set does. This is proven."
    )
    assert "is 1 in 31,250 with independent events and 0.04%" in likely
    assert [row[-1] for row in resolved.rows] == ["8.00%", "0.04%"]
    row = tables["reverse_stress"][0]
    assert "none of fewer than 2. The search stopped" in in_words([{**row, "proven": False}])
    none = {**row, "resolutions": None}
    assert "whatever its size. This is proven" in in_words([none])
    assert "no set of fewer than 2 does. The search stopped" in in_words(
        [{**none, "proven": False}]
    )
    assert "before any event" in in_words([{**row, "resolutions": 0}])


def test_liquidity_says_how_long_resources_survive(tables) -> None:
    """With two failing 2 x (2.0 + 1.5 + 2.5) = 12 million fall due, against 11.346 million."""
    one, two, floor, _, figure, hours, history = liquidity_section(tables).items
    assert "$6,000,000 fall due within 24 hours ($12,000,000 before the payers' own cash)" in one
    assert "own cash); liquid resources last all 24" in one
    assert "with $5,346,000 left in the worst hour" in one
    assert "last 20 hours, with a shortfall of $654,000" in two
    assert "$300,000 over the 12 dates" in floor and floor.endswith("it is met.")
    assert [row[0] for row in hours.rows] == [
        "9 Apr 04:00", "9 Apr 06:00", "9 Apr 13:00", "9 Apr 16:00", "10 Apr 00:00"
    ]  # fmt: skip
    assert hours.totals[1] == "6,000,000.00" and hours.totals[4] == "12,000,000.00"
    assert figure.data["labels"][0] == "04:00"
    assert [(row[0], row[1], row[-1]) for row in history.rows] == [
        ("1", "5,346,000.00", "24"), ("2", "−654,000.00", "20")
    ]  # fmt: skip


def test_history_by_family_shows_the_peak_and_who_was_behind_it(tables) -> None:
    families = history_section(tables).items[-1]
    assert [row[0] for row in families.rows] == ["S1", "S2", "S5"]
    by_family = {
        row["family"]: row for row in tables["family_history"] if row["window_days"] == 250
    }
    for row in families.rows:
        peak = by_family[row[0]]
        assert row[5] == peak["peak_groups"] and row[6].count(",") == 1
        assert row[4] == peak["peak_scenario_id"]
