"""``reporting backtest`` on a venue of two days: what was observed, and other schedules."""

import json

import pytest
from support import venues

from reporting.lake import open_lake

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("venue-0")]


@pytest.fixture(scope="module")
def observed(finished) -> list[dict]:
    """What the stage stress has counted of the accounts on the second date."""
    with open_lake(finished, read_only=True) as lake:
        found = lake.connection.execute(
            "SELECT book_id, margin_centicents, loss_micros, one_day_margin_centicents,"
            " five_day_margin_centicents FROM stress.backtest_observations"
            " WHERE portfolio = 'accounts' AND horizon_days = 1 ORDER BY book_id"
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_every_account_is_a_group(finished, observed, reporting) -> None:
    answer = reporting(
        "backtest", "--by", "account", "--next-close", "--csv", "--home", finished.home
    )
    assert answer.code == 0
    rows = answer.rows()
    assert [row["group"] for row in rows] == [each["book_id"] for each in observed]
    assert len(rows) >= 10
    for row, each in zip(rows, observed, strict=True):
        breach = each["loss_micros"] > 100 * each["margin_centicents"]
        assert (row["observations"], row["breaches"]) == ("1", str(int(breach)))
        assert row["margin_centicents"] == str(each["margin_centicents"])
        # One observation is not enough for any of these.
        tests = ("kupiec", "first_failure", "independence", "conditional", "duration", "binomial")
        assert [row[f"{name}_p_value"] for name in tests] == [""] * 6
        assert (row["zone"], row["verdict"]) == ("", "no verdict")


@pytest.mark.parametrize("days", [1, 5])
def test_other_liquidation_days_give_the_margin_of_the_daily_what_if(
    finished, observed, reporting, days
) -> None:
    """The stage recompute values one and five days for every account; here they are computed
    again from the lake."""
    asked = (
        "backtest",
        "--liquidation-days",
        days,
        "--next-close",
        "--csv",
        "--home",
        finished.home,
    )
    rows = reporting(*asked).rows()
    row = {
        name: sum(int(each[name]) for each in rows)
        for name in ("what_if_margin_centicents", "what_if_breaches", "margin_centicents")
    }
    name = {1: "one_day", 5: "five_day"}[days] + "_margin_centicents"
    assert int(row["what_if_margin_centicents"]) == sum(each[name] for each in observed)
    breaches = sum(each["loss_micros"] > 100 * each[name] for each in observed)
    assert int(row["what_if_breaches"]) == breaches
    assert int(row["margin_centicents"]) == sum(each["margin_centicents"] for each in observed)


def test_parameters_of_the_schedule_in_force_change_nothing(
    finished, observed, reporting, tmp_path
) -> None:
    with open_lake(finished, read_only=True) as lake:
        (parameters,) = lake.connection.execute(
            "SELECT parameters FROM validate.margin_schedule WHERE business_date = ?"
            " ORDER BY effective_date DESC, version DESC LIMIT 1",
            [venues.DAY_1],
        ).fetchone()
    alpha = json.loads(parameters)["alpha_bps"]
    for value, is_same in ((alpha, True), (9_000, False)):
        file = tmp_path / "schedule.yaml"
        file.write_text(f"alpha_bps: {value}\n")
        asked = ("backtest", "--schedule", file, "--next-close", "--csv", "--home", finished.home)
        rows = reporting(*asked).rows()
        held, changed = (
            sum(int(row[f"{kind}margin_centicents"]) for row in rows) for kind in ("", "what_if_")
        )
        assert (changed == held) == is_same and changed <= held


def test_the_table_says_what_is_not_enough(finished, reporting) -> None:
    answer = reporting("backtest", "--liquidation-days", 5, "--next-close", "--home", finished.home)
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == f"observations ending {venues.DAY_1} to {venues.DAY_2}, by portfolio"
    assert lines[2].startswith("accounts") and lines[3].startswith("  if changed")
    assert lines[-1].endswith("-: too few observations")
    # One date: whatever was counted, nothing is concluded.
    assert all("no verdict" in line for line in lines[2:4])
    assert "green" not in answer.out and "100.000%" not in answer.out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--from", "2026-05-05", "--to", "2026-05-04"), "--from 2026-05-05 is after"),
        (("--to", "2026-05-04"), "not enough: no observation of a backtest ends on 2026-05-04"),
        (("--schedule", "none.yaml"), "--schedule none.yaml cannot be read"),
        (("--schedule", "LIST"), "must map parameters to values"),
        (("--schedule", "BROKEN"), "is neither YAML nor JSON"),
        (("--schedule", "UNKNOWN"), "alpha: schedule"),
        (("--schedule", "PERIOD", "--liquidation-days", 3), "leave --liquidation-days out"),
    ],
)
def test_mistakes_are_one_clear_line(finished, reporting, tmp_path, arguments, complaint) -> None:
    files = {
        "LIST": "- 1\n",
        "BROKEN": "{a: [",
        "UNKNOWN": "alpha: 1\n",
        "PERIOD": "liquidation_days: {}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    given = [tmp_path / each if each in files else each for each in arguments]
    answer = reporting("backtest", *given, "--next-close", "--home", finished.home)
    assert answer.code == 2
    assert complaint in answer.err
    assert "Traceback" not in answer.err
    assert len([line for line in answer.err.splitlines() if line.startswith("reporting:")]) == 1
