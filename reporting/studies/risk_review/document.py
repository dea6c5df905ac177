"""The review as a document: summary, sections, limits; and making it from a lake.

Belongs here: the order of the sections, and the limits that no number shows.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from reporting.errors import UserError
from reporting.lake import Lake, open_newest
from reporting.packs.document.markdown import markdown
from reporting.packs.document.parts import Document, Labelled, Listing, Section
from reporting.settings import Settings
from reporting.studies.risk_review.broader import broader_section
from reporting.studies.risk_review.coverage import backtest_section
from reporting.studies.risk_review.estimates import estimates_section
from reporting.studies.risk_review.findings import findings_section
from reporting.studies.risk_review.gaps import NEEDED, gaps_section
from reporting.studies.risk_review.liquidity import liquidity_section
from reporting.studies.risk_review.market import metrics_section
from reporting.studies.risk_review.parts import Verdict, day
from reporting.studies.risk_review.procyclicality import procyclicality_section
from reporting.studies.risk_review.reverse import reverse_section
from reporting.studies.risk_review.stress import stress_section
from reporting.studies.risk_review.window import Window, read_window
from reporting.studies.status import NOTHING_RUN

SECTIONS = (
    stress_section,
    reverse_section,
    liquidity_section,
    backtest_section,
    procyclicality_section,
    estimates_section,
    metrics_section,
    broader_section,
    findings_section,
    gaps_section,
)

EDGE_DAYS = 30
"""A window that begins fewer than this many days after the lake does has a short past."""

_LIMITS = (
    "Conclusions follow from the numbers by fixed rules. The rules do not know what a committee"
    " knows about members, products and plans. A rule that is silent proves nothing.",
    "Stress scenarios are those of the library in force on each date. Cover-1 and Cover-2 do not"
    " reflect anything that no scenario assumes. Liquidity is tested in one scenario for each"
    " number of failing payers (docs/stress.md).",
    "Reverse stress searches only the events with the most to lose; the library sets how many.",
    "Backtests hold static books against closing prices: nobody trades out, and moves within a"
    " date are not seen. Observations of one resolution depend on each other, so read the clustered"
    " interval (docs/backtests.md).",
    "Correlations pair a date that ends at midnight in New York with afternoon closes, and say"
    " nothing about cause (docs/metrics.md). A close counts as known on its own date, although some"
    " series are published days later.",
    "Amounts are rounded to whole dollars unless the heading says otherwise. The conclusions rest"
    " on exact numbers.",
)


def make_review(settings: Settings, first: date | None, last: date | None) -> str:
    """The review of a window of dates as Markdown, by default of the whole lake.

    Raises UserError if there is no lake, an end was not run, or the window holds no date.
    """
    with open_newest(settings) as lake:
        stages = stages_of(lake)
        if not stages:
            raise UserError(NOTHING_RUN)
        first, last = first or min(stages), last or max(stages)
        check_window(sorted(stages), first, last)
        window = read_window(lake.connection, stages, first, last)
    return markdown(document(window))


def stages_of(lake: Lake) -> dict[date, frozenset[str]]:
    """The stages committed for each date, among those that a review reads."""
    stages: dict[date, set[str]] = {}
    for snapshot in lake.snapshots():
        if snapshot.stage in NEEDED and snapshot.business_date:
            business_date = date.fromisoformat(snapshot.business_date)
            stages.setdefault(business_date, set()).add(snapshot.stage)
    return {at: frozenset(of_date) for at, of_date in stages.items()}


def check_window(dates: Sequence[date], first: date, last: date) -> None:
    """Raises UserError if an end of the window was not run, or the ends are in the wrong order."""
    for name, at in (("--from", first), ("--to", last)):
        if at not in dates:
            raise UserError(
                f"{name} {at} was not run; the lake holds {dates[0]} to {dates[-1]}"
                " (`reporting status`)"
            )
    if first > last:
        raise UserError(f"--from {first} is after --to {last}: the window is empty")


def document(window: Window) -> Document:
    """The review of a window."""
    sections = [section_of(window) for section_of in SECTIONS]
    limits = Section("Limits", (Listing((*_limits_of(window), *_LIMITS)),))
    return Document(
        f"Risk review, {day(window.first)} to {day(window.last)}",
        (_summary(sections), *sections, limits),
        tuple(_provenance(window)),
    )


def _provenance(window: Window) -> Iterator[str | Labelled]:
    """What the review rests on."""
    files = window.rows("files")
    synthetic = {row["stream"] for row in files if row["synthetic"]}
    if synthetic:
        yield Labelled(
            "SYNTHETIC data.",
            f"{len(synthetic)} of {len({row['stream'] for row in files})} streams are marked"
            " synthetic by their sender. The accounts, members and resources in the conclusions"
            " are not real.",
        )
    digest = hashlib.sha256("\n".join(row["file_sha256"] for row in files).encode()).hexdigest()
    yield (
        f"Written by `reporting review --from {window.first} --to {window.last}` from"
        f" {len(window.dates)} dates in the lake. To change it, change the data or the rules, not"
        f" this text. Input: {len(files):,} files, SHA-256 of their hashes in order"
        f" `{digest[:16]}`."
    )


def _summary(sections: Sequence[Section]) -> Section:
    """Conclusions of all sections by their weight, and what to ask of the venue."""
    conclusions = [
        (section.title, conclusion) for section in sections for conclusion in section.conclusions
    ]
    lists, asks = [], []
    for verdict in Verdict:
        of_verdict = [pair for pair in conclusions if pair[1].verdict == verdict]
        entries = [f"*{title}*: {conclusion.words}" for title, conclusion in of_verdict]
        if verdict is Verdict.ACT and not entries:
            entries = ["None."]
        if entries:
            lists.append(Listing(tuple(entries), verdict.value))
        asks += [conclusion.ask for _, conclusion in of_verdict if conclusion.ask]
    if asks:
        lists.append(Listing(tuple(dict.fromkeys(asks)), "Questions to ask", numbered=True))
    return Section("Summary", tuple(lists))


def _limits_of(window: Window) -> Iterator[str]:
    """Limits that the window itself shows."""
    dates = len(window.dates)
    yield (
        f"The window has {dates} dates. It contains a loss that occurs once in a hundred dates"
        f" with a probability of {100 * (1 - 0.99**dates):.0f}%. Rarer losses are not measured."
    )
    first = min(window.stages)
    if (window.first - first).days < EDGE_DAYS:
        yield (
            f"The lake begins on {day(first)}. Positions opened earlier are not in it, and"
            " statistics that look back (volatility, growth, floor, backtests) have a short past."
        )
    if window.last >= max(window.stages) - timedelta(days=1):
        yield (
            "The window ends where the lake ends. On a tape that stops there, the next listings are"
            " missing, so open interest and margin of the last dates are too small."
        )
    if any(row["synthetic"] for row in window.rows("files")):
        real = sorted({row["stream"] for row in window.rows("files") if not row["synthetic"]})
        yield (
            f"Real streams: {', '.join(real) or 'none'}. Everything else was simulated, including"
            " every account, member, margin, collateral and resource. Amounts depend on the number"
            " of accounts simulated."
        )
