"""What a review says of the market and what secures it: interest, margin, leverage, exposure."""

from datetime import date

from reporting.studies.risk_review.market_tables import size_grid, trend_grid, use_grid
from reporting.studies.risk_review.parts import (
    Conclusion,
    Section,
    Verdict,
    bps,
    contracts,
    day,
    money_in_words,
    on_dates,
    plain,
    times,
)
from reporting.studies.risk_review.window import Window
from reporting.wording.words import number_of


def metrics_section(window: Window) -> Section:
    """Open interest, utilisation, leverage, unsecured exposure, concentration, breaks, calls."""
    if not window.rows("metrics"):
        words = "No date of the window has market metrics."
        return Section("Market metrics", (Conclusion(Verdict.UNKNOWN, words),))
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
    return Section(
        "Market metrics", conclusions, (size_grid(window), use_grid(window), trend_grid(window))
    )


def _peak(values: dict[date, int]) -> tuple[date, int]:
    """The largest value and the first date that had it."""
    at = max(values, key=lambda each: (values[each], -each.toordinal()))
    return at, values[at]


def _interest(window: Window) -> list[Conclusion]:
    interest, risk = window.metric("open_interest"), window.metric("money_at_risk")
    if not interest:
        return []
    (low_at, low), (high_at, high) = (
        min(interest.items(), key=lambda item: (item[1], item[0])),
        _peak(interest),
    )
    return [
        Conclusion(
            Verdict.NOTE,
            f"Open interest lay between {contracts(low)} contracts on {day(low_at)} and"
            f" {contracts(high)} on {day(high_at)}, where {money_in_words(risk[high_at])} were at"
            " risk before netting.",
        )
    ]


def _utilisation(window: Window) -> list[Conclusion]:
    used, limits = window.metric("margin_utilisation"), window.by_date("thresholds")
    if not used:
        return []
    above = [at for at in used if at in limits and used[at] > limits[at]["utilisation_bps"]]
    at, peak = _peak(used)
    words = f"Margin took {bps(peak)} of eligible collateral at most, on {day(at)}"
    if not above:
        return [Conclusion(Verdict.HOLDS, f"{words}, below the threshold of every date.")]
    limit = limits[at]["utilisation_bps"]
    margin, held = window.metric("initial_margin"), window.metric("eligible_collateral")
    # The least collateral that brings the share of the worst date down to the threshold.
    missing = max(-(-margin[each] * 10_000 // limit) - held[each] for each in above)
    return [
        Conclusion(
            Verdict.WATCH,
            f"{words}; it was above the threshold of {bps(limit)} {on_dates(above, len(used))}."
            f" Eligible collateral would have had to be {money_in_words(missing)} more.",
            "Which members post no more than they must, and are calls met in time from them?",
        )
    ]


def _leverage(window: Window) -> list[Conclusion]:
    found = []
    for name, what in (("leverage", "both books"), ("margined_leverage", "margined books")):
        values = window.metric(name)
        if values:
            at, peak = _peak(values)
            found.append(
                f"{times(min(values.values()))} to {times(peak)} ({what}, peak on {day(at)})"
            )
    if not found:
        return []
    words = f"Leverage of the venue, worst case over margin: {'; '.join(found)}."
    if window.full_collateral:
        words += (
            " Margin was full collateral on every date: how it does with leverage is not known."
        )
        return [Conclusion(Verdict.UNKNOWN, words)]
    return [Conclusion(Verdict.NOTE, words)]


def _unsecured(window: Window) -> list[Conclusion]:
    peaks, largest = window.metric("unsecured_peak"), window.by_date("unsecured_accounts")
    if not peaks:
        return []
    hit = [at for at in peaks if peaks[at] > 0]
    if not hit:
        words = "No account lost more since its last paid variation than its collateral, on any"
        return [Conclusion(Verdict.HOLDS, f"{words} of {len(peaks)} dates.")]
    at, peak = _peak(peaks)
    who = largest.get(at)
    of = f", most of it account {plain(who['account_id'])}" if who else ""
    return [
        Conclusion(
            Verdict.WATCH,
            f"Losses since the last paid variation that no collateral covered stood open"
            f" {on_dates(hit, len(peaks))}; {money_in_words(peak)} at most, on {day(at)}{of}.",
            "Why was variation of these accounts not paid or called before it outgrew what they"
            " hold?",
        )
    ]


def _concentration(window: Window) -> list[Conclusion]:
    said = []
    for measure, what in (
        ("margin by group", "of margin"),
        ("positions by group", "of positions"),
        ("open interest by market", "of open interest"),
    ):
        share = window.metric("top_5_share", "measure", measure)
        if share:
            at, peak = _peak(share)
            said.append(f"{bps(peak)} {what} ({measure.split(' by ')[1]}s, {day(at)})")
    if not said:
        return []
    return [
        Conclusion(Verdict.NOTE, f"The five largest held at most {', '.join(said)}."),
    ]


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
    found = []
    for name, shares in sorted(over.items()):
        at, peak = _peak(shares)
        found.append(
            Conclusion(
                Verdict.WATCH,
                f"Custodian {plain(name)} held more than"
                f" {bps(limits[at]['custodian_share_bps'])} of all collateral"
                f" {on_dates(shares, len(dates))}, {bps(peak)} at most on {day(at)}.",
                f"When will collateral at {plain(name)} be spread?",
            )
        )
    return found


def _breaks(window: Window) -> list[Conclusion]:
    rows = window.rows("breaks")
    if not rows:
        return []
    of = len(rows)
    hit = [row for row in rows if row["breaks"]]
    if not hit:
        return [
            Conclusion(
                Verdict.HOLDS,
                "The venue's margin of every account agreed with the recomputed one"
                f" {on_dates([row['business_date'] for row in rows], of)}.",
            )
        ]
    accounts = sum(row["breaks"] for row in hit)
    worst = max(rows, key=lambda row: (row["under"], -row["business_date"].toordinal()))
    little = ""
    if worst["under"]:
        little = (
            f" Most was charged too little on {day(worst['business_date'])},"
            f" {money_in_words(worst['under'])} of {number_of(worst['too_little'], 'account')}."
        )
    return [
        Conclusion(
            Verdict.ACT if worst["under"] else Verdict.WATCH,
            f"The venue's margin differs from the recomputed one"
            f" {on_dates([row['business_date'] for row in hit], of)},"
            f" {number_of(accounts, 'account')} in all, each date counted.{little}",
            "What causes these differences (`reporting explain`), and is what was charged too"
            " little called?",
        )
    ]


def _trends(window: Window) -> list[Conclusion]:
    said = []
    for row in window.rows("trends"):
        if row["metric"] == "open_interest_growth":
            said.append(f"open interest {_signed(row['value'])} over {plain(row['series'])}")
        elif row["metric"] == "average_trade_size_change" and row["low"] is not None:
            clear = row["low"] > 0 or row["high"] < 0
            said.append(
                f"average trade size {_signed(row['value'])} in {plain(row['series'])} days"
                f" ({'beyond' if clear else 'within'} chance)"
            )
        elif row["metric"] == "margined_share_trend" and row["series"] == "contracts":
            said.append(f"share of contracts on margin {row['value']:+.1f} bps a day")
    if not said:
        return []
    at = window.rows("trends")[0]["business_date"]
    return [Conclusion(Verdict.NOTE, f"As of {day(at)}: {'; '.join(said)}.")]


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}%"
