"""Margin model in the stress pack: other methods on the same books, parameters against history."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Section
from reporting.packs.document.tables import table
from reporting.wording import words


def model_section(tables: Tables) -> Section:
    methods, estimates = tables["margin_methods"], tables["parameter_estimates"]
    items: list = []
    if estimates:
        items.append(_in_words(estimates))
    items += [
        table(
            "Initial margin of the same books by method",
            "margin_methods",
            methods,
            "method named accounts initial_margin_centicents accounts_following",
            "No account has margin today.",
            note="ECM-2 is the model of this report. A side-specific table is shown where the "
            "schedule states one. Following: accounts whose charge by the venue is that of the "
            "method, within the tolerance of the comparison.",
        ),
        table(
            "Parameters of the margin schedule against the loaded history",
            "parameter_estimates",
            estimates,
            "category parameter scheduled_bps estimated_bps low_bps high_bps observations",
            "The loaded history says nothing of the parameters yet.",
            note="Intervals at 95 %: by event for the volatility ratio and the share lost, exact "
            "Poisson for early resolutions. The schedule's number of the volatility ratio is its "
            "floor. Observations: event-days for the ratio, early resolutions for the others.",
        ),
    ]
    return Section("Margin model", tuple(items))


def _in_words(estimates: list[dict]) -> str:
    below = [row for row in estimates if row["below_estimate"]]
    if not below:
        return "No parameter of the schedule lies below the interval of its estimate."
    named = ", ".join(f"{row['parameter']} of {row['category'] or 'no category'}" for row in below)
    return f"Below the interval of its estimate: {words.sentence(named)}"
