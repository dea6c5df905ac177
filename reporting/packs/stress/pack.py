"""Pack 2, stress tests: the view model, from the disclose tables alone.

Pure: tables in, ``parts.Document`` out.
"""

from reporting.packs.common import Tables, files, findings, key_figures, schedule, texts
from reporting.packs.common.resources import resources_table
from reporting.packs.document.parts import Card, Document, Section
from reporting.packs.document.tables import table
from reporting.packs.stress.backtests import backtest_section
from reporting.packs.stress.backtests import in_words as backtests_in_words
from reporting.packs.stress.headroom import headroom_section
from reporting.packs.stress.headroom import in_words as headroom_in_words
from reporting.packs.stress.history import history_section
from reporting.packs.stress.liquidity import in_brief, liquidity_section
from reporting.packs.stress.model import model_section
from reporting.packs.stress.procyclicality import procyclicality_section
from reporting.packs.stress.results import (
    groups_section,
    results_section,
    worst_against_resources,
)
from reporting.packs.stress.reverse import in_words, reverse_section
from reporting.packs.stress.search import search_section
from reporting.packs.stress.sensitivity import sensitivity_section
from reporting.wording import dollars, numbers, words

_CHANGES = (
    "scenarios",
    "scenarios_uncovered",
    "cover_1",
    "cover_2",
    "prefunded",
    "initial_margin",
    "worst_case",
    "fund_deposited",
)
# A scenario of S5 whose loss is 0 by construction must not be read as a test that was passed.
_VOID = (
    "A void at the last price (S5) settles at the mark. It moves no money and only shows which "
    "event is unwound."
)


def view(tables: Tables) -> Document:
    today, previous, previous_date = key_figures.figures(tables)
    return Document(
        name="stress-tests",
        title="Stress tests",
        subtitle="Losses under extreme but plausible outcomes, against prefunded resources",
        summary=_summary(tables, today, previous),
        cards=_cards(tables, today),
        changes=key_figures.changes(tables, _CHANGES),
        previous_date=previous_date,
        terms=texts.terms(
            "Centicent",
            "Clearing-member group",
            "Initial margin",
            "Worst-case loss",
            "Shortfall",
            "Cover-1, Cover-2",
            "Prefunded resources",
        ),
        sections=(
            _framework(tables),
            results_section(tables),
            headroom_section(tables),
            groups_section(tables),
            search_section(tables),
            _resources(tables),
            reverse_section(tables),
            liquidity_section(tables),
            history_section(tables),
            sensitivity_section(tables),
            model_section(tables),
            backtest_section(tables),
            procyclicality_section(tables),
            findings.findings_section(tables, ("stress",), 30, "Findings of the stress stage."),
            _method(tables),
        ),
    )


def _cards(tables: Tables, today: dict) -> tuple[Card, ...]:
    uncovered = today["scenarios_uncovered"] or 0
    worst = worst_against_resources(tables["cover_by_scenario"]) or {}
    need, prefunded = (worst.get(f"{name}_centicents") for name in ("cover_2", "prefunded"))
    scenarios = today["scenarios"] or 0
    return (
        Card("Cover-1", dollars.in_words(today["cover_1"]), "largest shortfall, one group"),
        Card(
            "Cover-2",
            dollars.in_words(today["cover_2"]),
            "largest shortfall, two groups",
            "bad" if uncovered else "plain",
        ),
        Card(
            "Prefunded resources",
            dollars.in_words(prefunded),
            "available in the worst scenario",
        ),
        Card(
            "Cover-2 of resources",
            numbers.percent(need, prefunded),
            "prefunded, worst scenario",
            "bad" if uncovered else "good",
        ),
        Card("Scenarios", numbers.count(scenarios), _families_in_brief(tables)),
        Card(
            "Not covered",
            numbers.count(uncovered),
            "scenario" if uncovered == 1 else "scenarios",
            "bad" if uncovered else "good",
        ),
        Card(
            "Groups with a shortfall",
            numbers.count(_groups_short(tables)),
            f"of {len(tables['group_worst_scenarios'])}",
        ),
        Card(
            "Guaranty fund",
            dollars.in_words(today["fund_deposited"]),
            "deposited",
        ),
    )


def _families_in_brief(tables: Tables) -> str:
    rows = tables["scenario_families"]
    if len(rows) > 3:
        return words.number_of(len(rows), "family", "families")
    return ", ".join(f"{row['scenarios']} {row['family']}" for row in rows) or "none run"


def _groups_short(tables: Tables) -> int:
    return sum(1 for row in tables["group_worst_scenarios"] if row["shortfall_centicents"] > 0)


def _summary(tables: Tables, today: dict, previous: dict) -> tuple[str, ...]:
    scenarios = tables["cover_by_scenario"]
    if not scenarios:
        return ("No stress scenario was run on this business date.",)
    largest = scenarios[0]
    sentences = [
        f"{words.number_of(len(scenarios), 'scenario')} ran over "
        f"{words.number_of(len(tables['group_worst_scenarios']), 'clearing-member group')}.",
    ]
    if largest["cover_2_centicents"] > 0:
        sentences.append(
            f"The largest Cover-2 is {dollars.in_words(largest['cover_2_centicents'])}, "
            f"by {largest['cover_2_groups']}, in scenario {largest['scenario_id']} "
            f"({largest['words']}). That is "
            f"{numbers.percent(largest['cover_2_centicents'], largest['prefunded_centicents'])} "
            f"of prefunded resources of "
            f"{dollars.in_words(largest['prefunded_centicents'])}."
        )
        tightest = worst_against_resources(scenarios)
        if tightest and tightest is not largest:
            sentences.append(_tightest_sentence(tightest))
    else:
        sentences.append(
            "No scenario leaves a shortfall: required margin and each group's own fund "
            "contribution absorb every stressed loss."
        )
    sentences.append(_covered_sentence(scenarios))
    nearest = [row for row in tables["headroom"] if row["loss_of_margin_bps"]]
    if nearest:
        sentences.append(headroom_in_words(nearest))
    if tables["reverse_stress"]:
        sentences.append(in_words(tables["reverse_stress"]))
    if tables["backtest_coverage"]:
        sentences.append(backtests_in_words(tables["backtest_coverage"]))
    if tables["liquidity_by_hour"]:
        sentences.append(in_brief(tables["liquidity_by_hour"]))
    moved = words.moved(today["cover_2"], previous.get("cover_2"), dollars.in_words)
    if moved:
        sentences.append(f"Cover-2 is {moved} on the previous business date.")
    return tuple(sentences)


def _tightest_sentence(row: dict) -> str:
    need = dollars.in_words(row["cover_2_centicents"])
    if not row["prefunded_centicents"]:
        return f"Scenario {row['scenario_id']} leaves no resources for its Cover-2 of {need}."
    return (
        f"Relative to its own resources, scenario {row['scenario_id']} is worse: its Cover-2 of "
        f"{need} is {numbers.percent(row['cover_2_centicents'], row['prefunded_centicents'])} of "
        f"the {dollars.in_words(row['prefunded_centicents'])} available after its defaults."
    )


def _covered_sentence(scenarios: list[dict]) -> str:
    """Cover-2 by prefunded resources alone, and with the assessments that 39.11 lets count."""
    open_ones = [row for row in scenarios if not row["covered"]]
    if not open_ones:
        return "Prefunded resources alone cover Cover-2 in every scenario."
    largest_gap = max(row["cover_2_centicents"] - row["prefunded_centicents"] for row in open_ones)
    still_open = [row for row in open_ones if not row["covered_with_assessments"]]
    with_calls = (
        "in every one of them"
        if not still_open
        else f"in all but {numbers.count(len(still_open))} of them"
    )
    return (
        "Prefunded resources alone do not cover Cover-2 in "
        f"{words.number_of(len(open_ones), 'scenario')}; the largest gap is "
        f"{dollars.in_words(largest_gap)}. With the assessments that 17 CFR 39.11(d)(2) lets count "
        f"they do {with_calls}; 39.33 counts none."
    )


def _framework(tables: Tables) -> Section:
    ran = {row["family"] for row in tables["scenario_families"]}
    note = [_VOID] if "S5" in ran else []
    return Section(
        "Framework and scenario library",
        (
            "Each scenario settles or moves markets, reduces the value of collateral, or closes "
            "books out. Every account's loss is computed from the same prices. Losses are summed "
            "by clearing-member group, because affiliates default together. Gains of house "
            "accounts may cover losses of customer accounts, never the reverse. Customers are not "
            "netted against each other.",
            "A group's shortfall is computed account by account. A customer's loss counts where it "
            "exceeds the margin required of that account; margin posted in excess does not count. "
            "The house accounts of a group count as one account. A gain of the house, and then the "
            "group's own guaranty fund contribution, reduce the sum, but not below zero. Cover-1 "
            "is compared with 17 CFR 39.11(a)(1), Cover-2 with 17 CFR 39.33.",
            _did_not_run(tables["scenario_records"]),
            *note,
            table(
                "Scenario library",
                "scenario_records",
                tables["scenario_records"],
                "record_id version words scenario_parameters scenarios+ reason owner",
                "No scenario was run today.",
                heads={"record_id": "Record", "scenario_parameters": "Parameters"},
                note="Shares, multiples and quantiles are basis points. Reason: why a record made "
                "no scenario today.",
            ),
        ),
    )


def _did_not_run(records: list[dict]) -> str:
    """The families without a scenario, with the reason."""
    missing = [row for row in records if not row["scenarios"]]
    if not missing:
        return "Every family of the library ran today."
    return (
        "Did not run today: "
        + "; ".join(
            f"{row['record_id']} ({texts.FAMILIES.get(row['family'], row['words'])}), because "
            f"{row['reason'] or 'it made no scenario'}"
            for row in missing
        )
        + "."
    )


def _resources(tables: Tables) -> Section:
    items: list = [resources_table(tables)]
    rows = tables["cover_by_scenario"]
    worst = worst_against_resources(rows)
    if worst:
        counted = max(row["assessments_centicents"] for row in rows)
        prefunded = dollars.in_words(worst["prefunded_centicents"])
        available = (
            f"{prefunded} in the worst scenario, {worst['scenario_id']}, without the contributions "
            "of the groups that default"
            if worst["cover_2_centicents"]
            else f"{prefunded}; no scenario draws on them"
        )
        items.insert(
            0,
            f"Prefunded resources available for Cover-2 are {available}. They are the headline. "
            "Assessments are not prefunded. 17 CFR 39.11(d)(2) counts them after a haircut of 30% "
            f"and for at most 20% of the requirement: at most {dollars.in_words(counted)} in any "
            "scenario of the date. 17 CFR 39.33(b), for systemically important and subpart C "
            "clearing houses, counts none of them.",
        )
    return Section("Resources", tuple(items))


def _method(tables: Tables) -> Section:
    return Section(
        "Method, limits and sources",
        (
            "The library is a versioned file. Moves are 99.9% moves of the latent variable of "
            "each event, beyond margin's own confidence, with a volatility ratio of at least 1. "
            "They are applied to all markets towards their last state, towards their first state, "
            "and against each group, whatever its leverage.",
            "Limits of these numbers:",
            texts.limits(
                "marks", "correlation", "links", "combination", "reversal", "reverse", "liquidity"
            ),
            *schedule.schedule_items(tables),
            files.files_table(tables),
        ),
    )
