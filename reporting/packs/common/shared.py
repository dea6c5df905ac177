"""What all packs share: head figures, findings, files, limits, words about synthetic data."""

import json
from collections.abc import Callable, Mapping

from reporting.packs.document.parts import Change, Figure, Listing, Section, Terms
from reporting.packs.document.tables import Table, table
from reporting.wording import dollars, numbers, words

Tables = Mapping[str, list[dict]]

SEVERITIES = ("ERROR", "WARN", "INFO")
FAMILIES = {
    "S1": "surprise resolution of one event to one of its states",
    "S2": "category sweep: every favourite loses",
    "S3": "gap of every market held with leverage above 2, by the 99.9 % bridge",
    "S4": "dispute and reversal: a paid state is revoked, part of the payouts is gone",
    "S5": "void at 50/50 or at the last price",
    "S6": "missed margin cycle: markets move longer, the margin is that of stale marks",
    "S7": "thin markets: margined books closed out with less depth and wider spreads",
    "S8": "collateral falls in value",
    "S9": "category sweep together with the fall of collateral",
    "S10": "default of a member whose clients cannot be ported",
    "S11": "withdrawal of the largest market maker",
    "R": "replay of the worst past moves in the loaded data",
}
LIMITS = {
    "marks": "State probabilities come from marks, and marks can be manipulated; there is "
    "little history per market.",
    "correlation": "How far resolutions of different events move together cannot be estimated "
    "from the data. Worst-case losses of events are added up, which is conservative when "
    "events are independent and exact only then.",
    "links": "A logical link between two events that the metadata do not show understates "
    "the joint loss.",
    "reversal": "The reversal of a settlement that was already paid lies outside the state space.",
    "reverse": "Reverse stress looks at the events with the largest worst cases and at each in the "
    "states that are still possible; a void or a reversal is not among them.",
    "liquidity": "The feeds carry neither the hour of a payout nor a currency: hours follow from "
    "expected resolutions and margin cycles, and all amounts are US dollars. The notice of a "
    "facility, and that cash alone pays at once, are assumptions of the scenario library.",
    "combination": "A stress scenario moves one event, or all of a category: a combination of "
    "legs of other events does not move with them.",
    "sampling": "Expected shortfall rests on drawn scenarios: at 99 % of 5,000 its sampling "
    "error is about 2.5 %. The draws are published, so that the number itself can be re-performed.",
    "history": "Volatility is pooled over markets of a category, since no market lives long; "
    "until a pool has history, the bound that a price must end at 0 or 1 decides.",
}
TERMS = {
    "Centicent": "one ten-thousandth of a US dollar; the unit in which every amount is kept.",
    "Worst-case loss": "the largest loss over all outcome states of an event, exact; summed "
    "over events.",
    "Jump to resolution": "the largest worst-case loss of events that resolve together, as if "
    "they did so at once.",
    "Expected shortfall": "the mean of the worst 1 % of losses over the drawn scenarios.",
    "Core": "the largest of expected shortfall, jump to resolution and a floor share of the "
    "worst-case loss.",
    "Add-ons": "for the cost of closing positions out, and for concentration in a market.",
    "Initial margin": "core margin plus add-ons, never more than the worst-case loss; rounded "
    "up to a centicent.",
    "Charged, recomputed": "what the venue says it required, and what this system computes "
    "from the trades alone.",
    "Break": "an account whose charged and recomputed initial margin differ: UNDER, OVER, "
    "MISSING or STALE.",
    "Open interest": "contracts outstanding: the sum of long positions, equal to the sum of "
    "short ones.",
    "Shortfall": "what of a group's stressed losses exceeds required margin, account by account, "
    "less gains of its house and less its own fund contribution, never below zero.",
    "Cover-1, Cover-2": "the largest shortfall of one clearing-member group, and of the two "
    "largest together.",
    "Prefunded resources": "layers of the waterfall that are already paid in.",
    "Gains haircut": "variation margin gains since default are cut, pro rata.",
    "Clearing-member group": "members that default together because they are affiliated.",
}


def terms(*names: str) -> Terms:
    return Terms(tuple((name, TERMS[name]) for name in names), "Terms used in this pack")


def figures(tables: Tables) -> tuple[dict[str, int | None], dict[str, int | None], str | None]:
    """Key figures by name for today and the previous business date, and that date."""
    rows = tables["key_figures"]
    today = {row["figure"]: row["today"] for row in rows}
    previous = {row["figure"]: row["previous"] for row in rows}
    return today, previous, rows[0]["previous_business_date"] if rows else None


def changes(tables: Tables, names: tuple[str, ...]) -> tuple[Change, ...]:
    """The lines of "what changed" for ``names``, in that order."""
    rows = {row["figure"]: row for row in tables["key_figures"]}
    lines = []
    for row in (rows[name] for name in names if name in rows):
        show = {"centicents": _whole_dollars, "qty": _whole_contracts}.get(
            row["unit"], numbers.count
        )
        moved = numbers.NONE
        if row["today"] is not None and row["previous"] is not None:
            difference = row["today"] - row["previous"]
            moved = show(difference)
            moved = f"+{moved}" if difference > 0 else "0" if difference == 0 else moved
        unit = {"centicents": "US$", "qty": "contracts"}.get(row["unit"], "number")
        lines.append(Change(row["words"], show(row["today"]), show(row["previous"]), moved, unit))
    return tuple(lines)


def _whole_dollars(centicents: int | None) -> str:
    return dollars.amount(centicents, 0)


def _whole_contracts(quantity: int | None) -> str:
    return numbers.NONE if quantity is None else numbers.scaled(quantity, 2, 0)


def synthetic_words(tables: Tables) -> str:
    """Which data are synthetic, in one sentence; empty when none are."""
    rows = tables["files_landed"]
    marked = [row for row in rows if row["synthetic_files"]]
    if not marked:
        return ""
    if all(row["synthetic_files"] == row["files"] for row in rows):
        return "All data in this pack are synthetic: generated, of no real venue or member."
    senders = {row["sender"] for row in rows if not row["synthetic_files"]}
    kept = words.listed(sorted(senders))
    streams = words.listed(sorted(row["stream"].replace("_", " ") for row in marked), 5)
    real = f" Real data were sent by: {kept}." if kept else ""
    return words.sentence(f"{streams} were generated and belong to no real member") + real


def severity_counts(tables: Tables, stages: tuple[str, ...]) -> dict[str, int]:
    counts = dict.fromkeys(SEVERITIES, 0)
    for row in tables["findings_by_rule"]:
        if row["stage"] in stages and row["findings"]:
            counts[row["severity"]] = counts.get(row["severity"], 0) + row["findings"]
    return counts


def findings_sentence(counts: dict[str, int]) -> str:
    if not any(counts.values()):
        return "The rulebook raised no finding."
    parts = [words.number_of(counts[name], f"{name} finding") for name in SEVERITIES]
    return words.sentence(f"the rulebook raised {words.listed(parts)}")


def findings_section(
    tables: Tables, stages: tuple[str, ...], number_printed: int, scope: str
) -> Section:
    """Findings of ``stages`` by rule, then the details of ERROR and WARN with file and line."""
    by_rule = [row for row in tables["findings_by_rule"] if row["stage"] in stages]
    today = [row for row in by_rule if row["findings"]]
    details = [
        row
        for row in tables["finding_details"]
        if row["stage"] in stages and row["severity"] in ("ERROR", "WARN")
    ]
    total = sum(row["findings"] for row in today if row["severity"] in ("ERROR", "WARN"))
    items: list = [scope + " " + findings_sentence(severity_counts(tables, stages))]
    if len({row["stage"] for row in today}) > 1:
        items.append(_severity_figure(today))
    items.append(
        table(
            "Findings by rule",
            "findings_by_rule",
            today,
            "severity rule_id stage findings+ previous_findings+",
            "No finding today.",
            top=20,
        )
    )
    items.append(
        table(
            "Findings of severity ERROR and WARN",
            "finding_details",
            details,
            "severity rule_id subject detail file_name line",
            "No finding of severity ERROR or WARN today.",
            top=number_printed,
            total_rows=total,
            note="A finding about an account or a market as a whole has no file and line.",
        )
    )
    return Section("Findings", tuple(items))


def _severity_figure(today: list[dict]) -> Figure:
    stages = [
        stage
        for stage in ("land", "validate", "recompute", "stress")
        if any(row["stage"] == stage for row in today)
    ]
    series = [
        (
            severity,
            [
                sum(
                    row["findings"]
                    for row in today
                    if row["stage"] == stage and row["severity"] == severity
                )
                for stage in stages
            ],
        )
        for severity in SEVERITIES
    ]
    spoken = "; ".join(
        f"{stage}: " + ", ".join(f"{values[place]} {name}" for name, values in series)
        for place, stage in enumerate(stages)
    )
    return Figure(
        "Findings by stage and severity",
        "severity_bars",
        {"labels": stages, "series": series},
        f"Bar chart of the number of findings. {spoken}.",
        "findings_by_rule",
    )


def files_table(tables: Tables) -> Table:
    return table(
        "Files behind this pack",
        "files_landed",
        tables["files_landed"],
        "stream sender files+ synthetic_files+ rows_claimed+ rows_read+ rows_good+ "
        "rows_quarantined+",
        "No file landed for this business date.",
    )


def schedule_items(tables: Tables) -> tuple:
    """The margin schedule in force, with its parameters as terms."""
    rows = tables["schedule_in_force"]
    if not rows:
        return ("No margin schedule is in force on this date: no margin could be computed.",)
    row = rows[0]
    intro = (
        f"Margin schedule {row['version']} is in force since "
        f"{numbers.day_in_words(row['effective_date'])}, approved by {row['approver']}. "
        f"Reason given: {row['reason']}."
    )
    return (intro, Terms(_parameters(row["parameters"]), "Parameters in force"))


def _parameters(text: str) -> tuple[tuple[str, str], ...]:
    try:
        values = json.loads(text)
    except ValueError:
        return (("Parameters", text[:400]),)
    if not isinstance(values, dict):
        return (("Parameters", text[:400]),)
    return tuple(_parameter(name, value) for name, value in sorted(values.items()))


_KEPT = {" bps per day": " per day", " factors bps": " factors, standard deviations"}
"""What stays of a unit in the label of a parameter."""


def _parameter(name: str, value) -> tuple[str, str]:
    label, show = name.replace("_", " "), str
    for suffix, in_words in (
        (" factors bps", _deviations),
        (" bps per day", numbers.percent_of_bps),
        (" bps", numbers.percent_of_bps),
        (" seconds", _days),
        (" centicents", dollars.in_words),
    ):
        if label.endswith(suffix):
            show = in_words
            label = label.removesuffix(suffix) + _KEPT.get(suffix, "")
            break
    if isinstance(value, dict):
        shown = ", ".join(f"{key} {_of_key(show, part)}" for key, part in sorted(value.items()))
    elif isinstance(value, list):
        shown = ", ".join(_safe(show, part) for part in value)
    else:
        shown = _safe(show, value)
    return label.capitalize(), shown or "none"


def _of_key(show: Callable[[int], str], value) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else _safe(show, value)


def _safe(show: Callable[[int], str], value) -> str:
    """A parameter of an unexpected type is printed as it stands."""
    return show(value) if type(value) is int else str(value)


def _deviations(bps: int) -> str:
    return f"{bps / 10_000:+g}"


def _days(seconds: int) -> str:
    if seconds % 86_400 == 0:
        return words.number_of(seconds // 86_400, "day")
    return words.number_of(seconds, "second")


def limits(*names: str) -> Listing:
    return Listing(tuple(LIMITS[name] for name in names), numbered=True)
