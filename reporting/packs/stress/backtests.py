"""Backtests in the stress pack: coverage items, the intervals of coverage, and the tests.

Only model-driven books test the model: those with a margin below their worst case. Whether there
is a verdict, and why not, is stored with each row; ``model/backtest/evidence`` decides it.
"""

from reporting.model.backtest.evidence import BELOW, MET, NO_VERDICT, OPEN, few_dates
from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import numbers, words

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


ALL, MODEL_DRIVEN = "all", "model-driven"
_VERDICTS = {
    BELOW: "below the required coverage",
    MET: "at or above the required coverage",
    OPEN: "the intervals contain the required coverage",
}


def backtest_section(tables: Tables) -> Section:
    rows = sorted(tables["backtest_coverage"], key=_order)
    if not rows:
        return Section(
            "Backtests",
            ("There is no observation yet: no book of an earlier close has reached its horizon.",),
        )
    driven = [row for row in rows if row["books"] == MODEL_DRIVEN]
    judged = [row for row in driven if has_verdict(row)]
    return Section(
        "Backtests",
        (
            in_words(rows),
            _dates_in_words(rows),
            "An observation compares the market-risk margin of one book at an earlier close with "
            "the loss of the unchanged book, over its liquidation period or until the next close. "
            "Hypothetical portfolios are chosen anew at each close, one per category. Books whose "
            "margin is their worst case cannot be breached by an outcome; only model-driven books, "
            "with a margin below it, test the model.",
            _items_table([row for row in rows if row["books"] == ALL], driven),
            *((_interval_figure(judged),) if judged else ()),
            _coverage_table(driven),
            *((_tests_table(judged),) if judged else ()),
            *_other_periods([row for row in rows if row["books"] == ALL]),
        ),
    )


def has_verdict(row: dict) -> bool:
    """Whether the observations allow a verdict."""
    return row["coverage_verdict"] != NO_VERDICT


def in_words(rows: list[dict]) -> str:
    """Coverage of all accounts in a sentence; ``rows`` of ``disclose.backtest_coverage``."""
    of_accounts = [r for r in rows if r["portfolio"] == "accounts" and r["bucket"] == "all"]
    if not of_accounts:
        return "No backtest of accounts ran today."
    # Margin is set for the liquidation period; the next close only warns earlier.
    horizon = min(of_accounts, key=_order)["horizon"]
    by_books = {row["books"]: row for row in of_accounts if row["horizon"] == horizon}
    row = by_books.get(MODEL_DRIVEN)
    if row is None:
        seen = words.number_of(by_books[ALL]["observations"], "observation")
        return (
            f"In {seen} (accounts, {horizon}) margin was the worst case throughout: no verdict on "
            "the model."
        )
    seen = f"{words.number_of(row['observations'], 'model-driven observation')} ({_name(row)})"
    breaches = words.number_of(row["breaches"], "breach", "breaches")
    if not has_verdict(row):
        return f"Backtests have {breaches} in {seen}: {row['coverage_basis']}."
    covered = numbers.decimal_of_e6(row["achieved_coverage_e6"] * 100, 2)
    promised = numbers.percent_of_bps(row["required_coverage_bps"])
    return (
        f"Margin covered {covered}% of {seen}, with {breaches}, against the required {promised}: "
        f"{_VERDICTS[row['coverage_verdict']]} ({_intervals(row)}; {row['coverage_basis']})."
    )


def _intervals(row: dict) -> str:
    by_resolution, by_date = (
        " to ".join(_share(row[f"{kind}_{end}_coverage_e6"]) for end in ("lowest", "highest"))
        for kind in ("clustered", "dated")
    )
    return f"{by_resolution} by resolution, {by_date} by date"


def _dates_in_words(rows: list[dict]) -> str:
    dates = max(row["days"] for row in rows)
    reason = few_dates(dates)
    if not reason:
        return f"Observations span {words.number_of(dates, 'date')}."
    return f"{reason[0].upper()}{reason[1:]}: 17 CFR 39.13(g)(7) requires at least 30 days."


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


def _key(row: dict) -> tuple[str, str, str]:
    return row["portfolio"], row["horizon"], row["bucket"]


def _items_table(rows: list[dict], driven: list[dict]) -> Table:
    of_model = {_key(row): row["observations"] for row in driven}
    return table(
        "Coverage items by group (disclosure items 6.5.1, 6.5.2, 6.5.4, 6.5.5)",
        "backtest_coverage",
        [
            {
                **row,
                "group": _name(row),
                "model_driven": numbers.count(of_model.get(_key(row), 0)),
                # Without a breach there is no uncovered amount.
                "peak_uncovered_micros": row["peak_uncovered_micros"] if row["breaches"] else None,
                "average_uncovered_micros": row["average_uncovered_micros"]
                if row["breaches"]
                else None,
            }
            for row in rows
        ],
        "group days observations model_driven:figure breaches jump_breaches peak_uncovered_micros "
        "average_uncovered_micros",
        "No observation.",
        heads={
            "observations": "Observations (6.5.2)",
            "model_driven": "Model-driven",
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
        "Achieved coverage of model-driven books, one draw per resolution",
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
        "they are one draw. Groups without a verdict are left out.",
    )


def _coverage_table(rows: list[dict]) -> Table:
    return table(
        "Achieved coverage of model-driven books (disclosure item 6.5.3)",
        "backtest_coverage",
        [_coverage(row) for row in rows],
        "group observations breaches achieved by_resolution:figure by_date:figure "
        "margin_needed:figure verdict",
        "In every book margin was the worst case.",
        heads={
            "achieved": "Achieved (6.5.3)",
            "by_resolution": "Interval by resolution",
            "by_date": "By date",
            "margin_needed": "Margin needed",
        },
        note="Intervals: 95 %, one draw per resolution, and one per date or block of overlapping "
        "dates; exact below 30 draws. Margin needed: share of the margin that would have covered "
        "the required share of losses; far below 100 % margin covers more than it promises.",
    )


def _coverage(row: dict) -> dict:
    judged = has_verdict(row)
    by_resolution, by_date = (
        " to ".join(_share(row[f"{kind}_{end}_coverage_e6"]) for end in ("lowest", "highest"))
        if judged
        else numbers.NONE
        for kind in ("clustered", "dated")
    )
    needed = row["margin_needed_bps"] if judged else None
    return {
        **row,
        "group": _name(row),
        "achieved": _share(row["achieved_coverage_e6"]) if judged else numbers.NONE,
        "by_resolution": by_resolution,
        "by_date": by_date,
        "margin_needed": numbers.NONE if needed is None else numbers.percent(needed, 10_000, 0),
        "verdict": _VERDICTS[row["coverage_verdict"]] if judged else row["coverage_basis"],
    }


def _tests_table(rows: list[dict]) -> Table:
    return table(
        "Tests of coverage of model-driven books: statistic and p-value",
        "backtest_coverage",
        [_tests(row) for row in rows],
        "group draws:figure kupiec:figure independence:figure conditional:figure exact:figure "
        "z2:figure zone verdict",
        "No observation.",
        heads={"draws": "Draws"},
        note="The sample is the number of draws, at most one per resolution and one per date or "
        "block of overlapping dates, with the observed share of breaches. "
        "Kupiec: is the share of breaches as required? Independence (Christoffersen): is a "
        "breach likelier after a date with one? Conditional: both. Exact: the p-value of too many "
        "breaches. Z2 (Acerbi and Székely): below 0 where losses beyond the value at risk are more "
        "frequent or larger than expected. A test rejects where its p-value is below 5 %. Traffic "
        "light: yellow from a cumulative probability of 95 %, red from 99.99 %. A dash: too few "
        "draws for the test.",
    )


def _tests(row: dict) -> dict:
    return {
        "group": _name(row),
        "draws": numbers.count(row["independent_draws"]),
        "kupiec": _test(row, "kupiec"),
        "independence": _test(row, "independence"),
        "conditional": _test(row, "conditional"),
        "exact": _p_value(row["binomial_p_value_e6"]),
        "z2": numbers.decimal_of_e6(row["z2_e6"], 2),
        "zone": row["zone"] or numbers.NONE,
        "verdict": _verdict(row),
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
    both, kupiec = row["conditional_p_value_e6"], row["kupiec_p_value_e6"]
    if row["binomial_p_value_e6"] < _LEVEL_E6:
        rejections.append("too many breaches")
    elif kupiec is not None and kupiec < _LEVEL_E6:
        more = row["achieved_coverage_e6"] >= row["required_coverage_bps"] * 100
        rejections.append("fewer breaches than required" if more else "too many breaches (Kupiec)")
    if dated and row["independence_p_value_e6"] < _LEVEL_E6:
        rejections.append("breaches cluster in time")
    if not rejections and both is not None and both < _LEVEL_E6:
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
