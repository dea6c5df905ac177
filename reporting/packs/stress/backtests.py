"""Backtests in the stress pack: coverage items, the interval of coverage, and the tests.

A group with too few observations gets no verdict: where not even one breach is to be expected,
neither the coverage nor a test means anything.
"""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import numbers, words

NOT_ENOUGH = "not enough observations"
MIN_DATES = 30
"""Of a backtest: 17 CFR 39.13(g)(7)."""
_LEVEL_E6 = 50_000
_PORTFOLIOS = ("accounts", "long", "short", "event", "ladder", "sector")
_HYPOTHETICAL = {
    "long": "hypothetical: one contract long",
    "short": "hypothetical: one contract short",
    "event": "hypothetical: within one event",
    "ladder": "hypothetical: one ladder",
    "sector": "hypothetical: one sector",
}
_BUCKETS = ("all", "<=2", "3-7", "8-30", "31-90", ">90")


def backtest_section(tables: Tables) -> Section:
    rows = sorted(tables["backtest_coverage"], key=_order)
    if not rows:
        return Section(
            "Backtests",
            ("There is no observation yet: no book of an earlier close has reached its horizon.",),
        )
    sufficient = [row for row in rows if enough(row)]
    return Section(
        "Backtests",
        (
            in_words(rows),
            _dates_in_words(rows),
            "An observation compares the market-risk margin of one book at an earlier close with "
            "the loss of the unchanged book, over its liquidation period or until the next close. "
            "Hypothetical portfolios are chosen anew at each close, one per category.",
            _items_table(rows),
            *((_interval_figure(sufficient),) if sufficient else ()),
            _coverage_table(rows),
            _tests_table(rows),
            *_other_periods(rows),
        ),
    )


def enough(row: dict) -> bool:
    """Whether at least one breach is to be expected at the promised coverage. Otherwise the stage
    leaves the tests of the level empty."""
    return row["zone"] is not None


def in_words(rows: list[dict]) -> str:
    """Coverage of all accounts in a sentence; ``rows`` of ``disclose.backtest_coverage``."""
    of_accounts = [r for r in rows if r["portfolio"] == "accounts" and r["bucket"] == "all"]
    if not of_accounts:
        return "No backtest of accounts ran today."
    # Margin is set for the liquidation period; the next close only warns earlier.
    row = min(of_accounts, key=_order)
    seen = f"{words.number_of(row['observations'], 'observation')} ({_name(row)})"
    if not enough(row):
        return f"Backtests have {seen}: too few for a verdict on coverage."
    covered = numbers.decimal_of_e6(row["achieved_coverage_e6"] * 100, 2)
    promised = numbers.percent_of_bps(row["required_coverage_bps"])
    return (
        f"Margin covered {covered}% of {seen} against the required {promised}: "
        f"{words.number_of(row['breaches'], 'breach', 'breaches')}, traffic light {row['zone']}."
    )


def _dates_in_words(rows: list[dict]) -> str:
    dates = max(row["days"] for row in rows)
    text = f"Observations span {words.number_of(dates, 'date')}."
    if dates >= MIN_DATES:
        return text
    return (
        f"{text} 17 CFR 39.13(g)(7) requires at least {MIN_DATES}; whether breaches cluster in "
        "time is not tested before then."
    )


def _order(row: dict) -> tuple:
    return (
        _place(_PORTFOLIOS, row["portfolio"]),
        row["horizon"],
        _place(_BUCKETS, row["bucket"]),
        row["portfolio"],
        row["bucket"],
    )


def _place(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else len(names)


def _name(row: dict) -> str:
    if row["portfolio"] in _HYPOTHETICAL:
        return _HYPOTHETICAL[row["portfolio"]]
    if row["bucket"] == "all":
        return f"{row['portfolio']}, {row['horizon']}"
    days = row["bucket"].replace("<=2", "up to 2").replace(">90", "over 90")
    return f"{row['portfolio']}, {days} days to resolution"


def _items_table(rows: list[dict]) -> Table:
    return table(
        "Coverage items by group (disclosure items 6.5.1, 6.5.2, 6.5.4, 6.5.5)",
        "backtest_coverage",
        [
            {
                **row,
                "group": _name(row),
                # Without a breach there is no uncovered amount.
                "peak_uncovered_micros": row["peak_uncovered_micros"] if row["breaches"] else None,
                "average_uncovered_micros": row["average_uncovered_micros"]
                if row["breaches"]
                else None,
            }
            for row in rows
        ],
        "group days observations breaches jump_breaches peak_uncovered_micros "
        "average_uncovered_micros",
        "No observation.",
        heads={
            "observations": "Observations (6.5.2)",
            "breaches": "Breaches (6.5.1)",
            "peak_uncovered_micros": "Largest loss above margin (6.5.4)",
            "average_uncovered_micros": "Average (6.5.5)",
        },
        note="Accounts by days to resolution are subsets of the accounts at their liquidation "
        "period. By a jump: breaches that vanish when settled contracts are excluded.",
    )


def _interval_figure(rows: list[dict]) -> Figure:
    promised = rows[0]["required_coverage_bps"]
    return Figure(
        "Achieved coverage with its interval, one draw per resolution",
        "intervals",
        {
            "labels": [_name(row) for row in rows],
            "lowest": [row["clustered_lowest_coverage_e6"] for row in rows],
            "values": [row["achieved_coverage_e6"] for row in rows],
            "highest": [row["clustered_highest_coverage_e6"] for row in rows],
            "limit": (f"required, {numbers.percent_of_bps(promised)}", promised * 100),
            "axis": "share of observations covered by margin",
        },
        "backtest_coverage",
        "95 % intervals. Accounts that hold the same event lose together when it resolves, so "
        "they are one draw. Groups with too few observations are left out.",
    )


def _coverage_table(rows: list[dict]) -> Table:
    return table(
        "Achieved coverage (disclosure item 6.5.3)",
        "backtest_coverage",
        [_coverage(row) for row in rows],
        "group required_coverage_bps achieved interval_from:figure interval_to:figure clusters "
        "zone",
        "No observation.",
        heads={"achieved": "Achieved (6.5.3)"},
        note="Interval: 95 %, one draw per resolution; with a breach and fewer than about 30 "
        "resolutions it is too narrow. Traffic light: yellow from a cumulative probability of "
        "95 %, red from 99.99 %, with all books treated as independent.",
    )


def _coverage(row: dict) -> dict:
    sufficient = enough(row)
    return {
        **row,
        "group": _name(row),
        "achieved": _share(row["achieved_coverage_e6"]) if sufficient else NOT_ENOUGH,
        "interval_from": _share(row["clustered_lowest_coverage_e6"])
        if sufficient
        else numbers.NONE,
        "interval_to": _share(row["clustered_highest_coverage_e6"]) if sufficient else numbers.NONE,
        "zone": row["zone"] if sufficient else "",
    }


def _tests_table(rows: list[dict]) -> Table:
    return table(
        "Tests of coverage: statistic and p-value",
        "backtest_coverage",
        [_tests(row) for row in rows],
        "group kupiec:figure independence:figure conditional:figure exact:figure z2:figure verdict",
        "No observation.",
        note="Kupiec: is the share of breaches as required? Independence (Christoffersen): is a "
        "breach likelier after a date with one? Conditional: both. Exact: the p-value of too many "
        "breaches. Z2 (Acerbi and Székely): below 0 where losses beyond the value at risk are more "
        "frequent or larger than expected. A test rejects where its p-value is below 5 %. The "
        "tests treat all books as independent, which they are not: read them with the interval "
        "above.",
    )


def _tests(row: dict) -> dict:
    sufficient = enough(row)
    return {
        "group": _name(row),
        "kupiec": _test(row, "kupiec"),
        "independence": _test(row, "independence") if sufficient else numbers.NONE,
        "conditional": _test(row, "conditional"),
        "exact": _p_value(row["binomial_p_value_e6"]) if sufficient else numbers.NONE,
        "z2": numbers.decimal_of_e6(row["z2_e6"], 2),
        "verdict": _verdict(row) if sufficient else NOT_ENOUGH,
    }


def _test(row: dict, name: str) -> str:
    """A dash where there are too few observations for the test."""
    if row[f"{name}_p_value_e6"] is None:
        return numbers.NONE
    statistic = numbers.decimal_of_e6(row[f"{name}_statistic_e6"], 2)
    return f"{statistic} / {_p_value(row[f'{name}_p_value_e6'])}"


def _p_value(value_e6: int) -> str:
    return "<0.001" if value_e6 < 1_000 else numbers.decimal_of_e6(value_e6, 3)


def _verdict(row: dict) -> str:
    rejections = []
    # Whether breaches cluster in time needs dates, not books.
    dated = row["independence_p_value_e6"] is not None
    if row["binomial_p_value_e6"] < _LEVEL_E6:
        rejections.append("too many breaches")
    elif row["kupiec_p_value_e6"] < _LEVEL_E6:
        more = row["achieved_coverage_e6"] >= row["required_coverage_bps"] * 100
        rejections.append("fewer breaches than required" if more else "too many breaches (Kupiec)")
    if dated and row["independence_p_value_e6"] < _LEVEL_E6:
        rejections.append("breaches cluster in time")
    if dated and not rejections and row["conditional_p_value_e6"] < _LEVEL_E6:
        rejections.append("number and timing rejected together")
    if not dated and not rejections:
        return "not rejected; timing not tested yet"
    return ", ".join(rejections) or "not rejected"


def _other_periods(rows: list[dict]) -> tuple:
    """The same losses against margin for one and for five days in every contract."""
    held = [row for row in rows if row["what_if_observations"]]
    if not held:
        return ()
    return (
        table(
            "The same losses against margin at other liquidation periods",
            "backtest_coverage",
            [{**row, "group": _name(row)} for row in held],
            "group what_if_observations one_day_margin_centicents one_day_breaches "
            "five_day_margin_centicents five_day_breaches",
            "No observation.",
            note="Margin is summed over all observations.",
        ),
    )


def _share(value_e6: int) -> str:
    return numbers.decimal_of_e6(value_e6 * 100, 3) + "%"
