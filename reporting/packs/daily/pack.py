"""Pack 1, daily risk and margin: the view model, from the disclose tables alone.

Pure: tables in, ``parts.Document`` out. Layout is in ``templates/packs``, the
sections are in the modules beside and in ``common``.
"""

from reporting.packs.common import Tables, files, findings, key_figures, schedule, texts
from reporting.packs.daily import cash as daily_cash
from reporting.packs.daily import margin as daily_margin
from reporting.packs.daily import market as daily_market
from reporting.packs.daily.custody import collateral_section, segregation_sentence
from reporting.packs.daily.history import history_section
from reporting.packs.daily.overrides import overrides_section
from reporting.packs.daily.peers import peers_section
from reporting.packs.daily.trading import trading_section
from reporting.packs.daily.use import use_section
from reporting.packs.document.parts import Card, Document, Section
from reporting.wording import dollars, numbers, words

STAGES = ("land", "validate", "recompute", "stress")
_CHANGES = (
    "accounts",
    "initial_margin",
    "charged_margin",
    "breaks",
    "worst_case",
    "collateral",
    "calls_amount",
    "open_interest",
    "volume",
    "money_at_risk",
    "findings_error",
    "findings_warn",
)


def view(tables: Tables) -> Document:
    today, previous, previous_date = key_figures.figures(tables)
    return Document(
        name="daily-risk-and-margin",
        title="Daily risk and margin",
        subtitle="Margin charged by the venue against margin recomputed from its trades",
        summary=_summary(tables, today, previous),
        cards=_cards(tables, today),
        changes=key_figures.changes(tables, _CHANGES),
        previous_date=previous_date,
        terms=texts.terms(
            "Centicent",
            "Worst-case loss",
            "Expected shortfall",
            "Jump to resolution",
            "Core",
            "Add-ons",
            "Initial margin",
            "Charged, recomputed",
            "Break",
            "Open interest",
        ),
        sections=(
            daily_margin.margin_section(tables),
            daily_margin.breaks_section(tables),
            use_section(tables),
            peers_section(tables),
            daily_cash.calls_section(tables),
            daily_cash.cash_section(tables),
            daily_market.open_interest_section(tables),
            trading_section(tables),
            daily_market.concentration_section(tables),
            collateral_section(tables),
            overrides_section(tables),
            history_section(tables),
            findings.findings_section(tables, STAGES, 40, "All stages of the day."),
            _method(tables),
        ),
    )


def _cards(tables: Tables, today: dict) -> tuple[Card, ...]:
    breaks, late = today["breaks"] or 0, today["calls_late"] or 0
    errors = today["findings_error"] or 0
    return (
        Card(
            "Initial margin, recomputed",
            dollars.in_words(today["initial_margin"]),
            words.number_of(today["accounts"] or 0, "account"),
        ),
        Card(
            "Charged less recomputed",
            dollars.in_words(today["margin_difference"]),
            words.number_of(breaks, "account") + (" breaks" if breaks == 1 else " break"),
            "bad" if breaks else "good",
        ),
        Card(
            "Worst-case loss",
            dollars.in_words(today["worst_case"]),
            f"{numbers.percent(today['initial_margin'], today['worst_case'])} covered by margin",
        ),
        Card(
            "Collateral after haircut",
            dollars.in_words(today["collateral"]),
            f"{numbers.percent(today['initial_margin'], today['collateral'])} used",
        ),
        Card(
            "Margin calls",
            numbers.count(today["calls"] or 0),
            f"{late} met late" if late else "none met late",
            "bad" if late else "plain",
        ),
        Card(
            "Open interest",
            numbers.scaled(today["open_interest"] or 0, 2, 0),
            "contracts",
        ),
        Card(
            "Volume",
            numbers.scaled(today["volume"] or 0, 2, 0),
            f"contracts in {words.number_of(today['trades'] or 0, 'trade')}",
        ),
        Card(
            "Findings",
            numbers.count(errors) + " ERROR",
            f"{numbers.count(today['findings_warn'] or 0)} WARN",
            "bad" if errors else "good",
        ),
    )


def _summary(tables: Tables, today: dict, previous: dict) -> tuple[str, ...]:
    if today["initial_margin"] is None:
        return ("No account has an open position on this business date.",)
    sentences = [_margin_sentence(today, previous), _break_sentence(tables, today)]
    sentences.append(_usage_sentence(today))
    sentences.append(daily_cash.calls_sentence(tables["calls"]))
    trading = {row["collateralisation"]: row for row in tables["trading_by_collateralisation"]}
    whole = sum(row["volume_qty"] for row in trading.values())
    if whole and "margined" in trading:
        share = numbers.percent(trading["margined"]["volume_qty"], whole)
        sentences.append(f"Margined positions account for {share} of the contracts traded.")
    if any(row["metric"] == "client_liabilities" for row in tables["metrics"]):
        sentences.append(segregation_sentence(tables))
    sentences.append(findings.findings_sentence(findings.severity_counts(tables, STAGES)))
    return tuple(sentences)


def _margin_sentence(today: dict, previous: dict) -> str:
    moved = words.moved(today["initial_margin"], previous.get("initial_margin"), dollars.in_words)
    return (
        f"Recomputed initial margin is {dollars.in_words(today['initial_margin'])} over "
        f"{words.number_of(today['accounts'], 'account')}" + (f", {moved}" if moved else "") + "."
    )


def _break_sentence(tables: Tables, today: dict) -> str:
    if not today["breaks"]:
        return "Charged and recomputed margin agree for every account."
    by_status = {row["status"]: row for row in tables["breaks_by_status"]}
    clauses = []
    for status, verb in (
        ("OVER", "exceeds recomputed margin by"),
        ("UNDER", "falls short of recomputed margin by"),
        ("MISSING", "is missing where recomputed margin is"),
        ("STALE", "is stale, off by"),
    ):
        row = by_status.get(status)
        if row:
            amount = dollars.in_words(abs(row["difference_centicents"]))
            clauses.append(f"{verb} {amount} in {words.number_of(row['accounts'], 'account')}")
    causes: dict[str, int] = {}
    for row in tables["breaks_by_cause"]:
        size = row["absolute_difference_centicents"]
        causes[row["cause"]] = causes.get(row["cause"], 0) + size
    largest = max(sorted(causes), key=causes.__getitem__) if causes else None
    ending = f" The largest cause by amount is {largest.lower()}." if largest else ""
    return f"Charged margin {'; '.join(clauses)}.{ending}"


def _usage_sentence(today: dict) -> str:
    margin, collateral = today["initial_margin"], today["collateral"]
    if not collateral:
        return "No collateral is reported."
    covered = numbers.percent(margin, today["worst_case"])
    return (
        f"Margin uses {numbers.percent(margin, collateral)} of collateral after haircut and "
        f"covers {covered} of the worst-case loss of all accounts."
    )


def _method(tables: Tables) -> Section:
    return Section(
        "Method, limits and sources",
        (
            "Positions are rebuilt from the venue's trades, never taken from the venue. Each "
            "market is marked at its last trade. The loss of each account in each event is "
            "computed exactly in every outcome state; the largest is the worst-case loss. Fully "
            "collateralised positions require that loss in full. For margined positions, prices "
            "are drawn in scenarios in which events move and resolve. As an event nears its "
            "resolution, a ramp requires more of its worst-case loss in full. Core margin is the "
            "largest of the expected shortfall of those losses, the jump to resolution and the "
            "floor. Initial margin is core margin plus add-ons, capped at the worst-case loss and "
            "rounded up to a centicent. The scenario set is published, so a member can recompute "
            "its margin.",
            *schedule.schedule_items(tables),
            "Limits of these numbers:",
            texts.limits("marks", "sampling", "history", "correlation", "links", "reversal"),
            files.files_table(tables),
        ),
    )
