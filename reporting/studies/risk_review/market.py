"""What a review says of the market: open interest, margin, leverage, exposure, concentration."""

from datetime import date

from reporting.packs.document.markdown import plain
from reporting.packs.document.parts import Conclusion, Section
from reporting.studies.risk_review.market_tables import activity_table, size_table, trend_table
from reporting.studies.risk_review.parts import (
    Verdict,
    contracts,
    day,
    money_in_words,
    on_dates,
    times,
    without_data,
)
from reporting.studies.risk_review.window import Window, dates_of
from reporting.units import BPS
from reporting.wording.numbers import percent_of_bps
from reporting.wording.words import number_of


def metrics_section(window: Window) -> Section:
    """Open interest, utilisation, leverage, unsecured exposure, concentration, breaks, calls."""
    if not window.rows("metrics"):
        return without_data("Market metrics", "No date of the window has market metrics.")
    conclusions = (
        *_interest(window),
        *_utilisation(window),
        *_leverage(window),
        *_unsecured(window),
        *_concentration(window),
        *_custodians(window),
        *_breaks(window),
        *_trends(window),
    )
    tables = (size_table(window), activity_table(window), trend_table(window))
    return Section("Market metrics", tables, conclusions)


def _peak(values: dict[date, int]) -> tuple[date, int]:
    """The largest value and the first date that had it."""
    peak = max(values, key=lambda at: (values[at], -at.toordinal()))
    return peak, values[peak]


def _interest(window: Window) -> list[Conclusion]:
    interest, risk = window.metric("open_interest"), window.metric("money_at_risk")
    if not interest:
        return []
    low_at, low = min(interest.items(), key=lambda item: (item[1], item[0]))
    high_at, high = _peak(interest)
    return [
        Conclusion(
            Verdict.NOTE,
            f"Open interest ranged from {contracts(low)} contracts on {day(low_at)} to"
            f" {contracts(high)} on {day(high_at)}, when {money_in_words(risk[high_at])} was at"
            " risk before netting.",
        )
    ]


def _utilisation(window: Window) -> list[Conclusion]:
    used, limits = window.metric("margin_utilisation"), window.by_date("thresholds")
    if not used:
        return []
    above = [at for at in used if at in limits and used[at] > limits[at]["utilisation_bps"]]
    at, peak = _peak(used)
    words = f"Margin used at most {percent_of_bps(peak)} of eligible collateral, on {day(at)}"
    if not above:
        return [Conclusion(Verdict.HOLDS, f"{words}, below the threshold of every date.")]
    limit = limits[at]["utilisation_bps"]
    margin, held = window.metric("initial_margin"), window.metric("eligible_collateral")
    # The minimum collateral that brings the share of the worst date down to the threshold.
    shortfall = max(-(-margin[at] * BPS // limit) - held[at] for at in above)
    return [
        Conclusion(
            Verdict.WATCH,
            f"{words}. It was above the threshold of {percent_of_bps(limit)}"
            f" {on_dates(above, len(used))}. Eligible collateral would have had to be"
            f" {money_in_words(shortfall)} higher.",
            "Which members post no more than the minimum, and do they meet calls on time?",
        )
    ]


def _leverage(window: Window) -> list[Conclusion]:
    ranges = []
    for name, books in (("leverage", "both books"), ("margined_leverage", "margined books")):
        values = window.metric(name)
        if values:
            at, peak = _peak(values)
            ranges.append(
                f"{times(min(values.values()))} to {times(peak)} ({books}, peak on {day(at)})"
            )
    if not ranges:
        return []
    words = f"Leverage of the venue, worst case over margin: {'; '.join(ranges)}."
    if window.full_collateral:
        words += (
            " Margin was full collateral on every date, so its performance under leverage is not"
            " known."
        )
        return [Conclusion(Verdict.UNKNOWN, words)]
    return [Conclusion(Verdict.NOTE, words)]


def _unsecured(window: Window) -> list[Conclusion]:
    peaks, largest = window.metric("unsecured_peak"), window.by_date("unsecured_accounts")
    if not peaks:
        return []
    hit = [at for at in peaks if peaks[at] > 0]
    if not hit:
        words = "No account's loss since its last paid variation exceeded its collateral on any of"
        return [Conclusion(Verdict.HOLDS, f"{words} {len(peaks)} dates.")]
    at, peak = _peak(peaks)
    account = largest.get(at)
    largest_account = f", most of it in account {plain(account['account_id'])}" if account else ""
    return [
        Conclusion(
            Verdict.WATCH,
            "Losses since the last paid variation exceeded collateral"
            f" {on_dates(hit, len(peaks))}, by at most {money_in_words(peak)}, on"
            f" {day(at)}{largest_account}.",
            "Why was the variation of these accounts not called and paid before it exceeded their"
            " collateral?",
        )
    ]


def _concentration(window: Window) -> list[Conclusion]:
    shares = []
    for measure, whole in (
        ("margin by group", "of margin"),
        ("positions by group", "of positions"),
        ("open interest by market", "of open interest"),
    ):
        share = window.metric("top_5_share", "measure", measure)
        if share:
            at, peak = _peak(share)
            kind = measure.split(" by ")[1]
            shares.append(f"{percent_of_bps(peak)} {whole} ({kind}s, {day(at)})")
    if not shares:
        return []
    return [Conclusion(Verdict.NOTE, f"The five largest held at most {', '.join(shares)}.")]


def _custodians(window: Window) -> list[Conclusion]:
    limits = window.by_date("thresholds")
    over: dict[str, dict[date, int]] = {}
    dates = set()
    for row in window.rows("metrics"):
        if (row["metric"], row["scope_kind"]) != ("collateral_share", "custodian"):
            continue
        at = row["business_date"]
        dates.add(at)
        if at in limits and row["value"] > limits[at]["custodian_share_bps"]:
            over.setdefault(row["scope"], {})[at] = row["value"]
    conclusions = []
    for name, shares in sorted(over.items()):
        at, peak = _peak(shares)
        conclusions.append(
            Conclusion(
                Verdict.WATCH,
                f"Custodian {plain(name)} held more than"
                f" {percent_of_bps(limits[at]['custodian_share_bps'])} of all collateral"
                f" {on_dates(shares, len(dates))}, at most {percent_of_bps(peak)}, on {day(at)}.",
                f"When will collateral at {plain(name)} be spread over other custodians?",
            )
        )
    return conclusions


def _breaks(window: Window) -> list[Conclusion]:
    rows = window.rows("breaks")
    if not rows:
        return []
    total = len(rows)
    breaks = [row for row in rows if row["breaks"]]
    if not breaks:
        return [
            Conclusion(
                Verdict.HOLDS,
                "The venue's margin matched recomputed margin for every account"
                f" {on_dates(dates_of(rows), total)}.",
            )
        ]
    accounts = sum(row["breaks"] for row in breaks)
    worst = max(rows, key=lambda row: (row["under"], -row["business_date"].toordinal()))
    undercharged = ""
    if worst["under"]:
        undercharged = (
            f" The largest undercharge was {money_in_words(worst['under'])} for"
            f" {number_of(worst['too_little'], 'account')}, on {day(worst['business_date'])}."
        )
    return [
        Conclusion(
            Verdict.ACT if worst["under"] else Verdict.WATCH,
            "The venue's margin differs from recomputed margin"
            f" {on_dates(dates_of(breaks), total)}: {number_of(accounts, 'account')} in all,"
            f" counted once per date.{undercharged}",
            "What causes these differences (`reporting explain`), and will the undercharged margin"
            " be called?",
        )
    ]


def _trends(window: Window) -> list[Conclusion]:
    trends = []
    for row in window.rows("trends"):
        if row["metric"] == "open_interest_growth":
            trends.append(f"open interest {_signed(row['value'])} over {plain(row['series'])}")
        elif row["metric"] == "average_trade_size_change" and row["low"] is not None:
            is_significant = row["low"] > 0 or row["high"] < 0
            trends.append(
                f"average trade size {_signed(row['value'])} in {plain(row['series'])} days"
                f" ({'beyond' if is_significant else 'within'} chance)"
            )
        elif (
            row["metric"] == "margined_share_trend"
            and row["series"] == "contracts"
            and row["value"] is not None
        ):
            trends.append(f"share of contracts on margin {row['value']:+.1f} bps a day")
    if not trends:
        return []
    at = window.rows("trends")[0]["business_date"]
    return [Conclusion(Verdict.NOTE, f"As of {day(at)}: {'; '.join(trends)}.")]


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}%"
