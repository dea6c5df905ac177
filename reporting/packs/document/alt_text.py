"""What a chart shows, in words, for readers who cannot see it: from the data that it draws."""

from collections.abc import Callable, Iterator, Mapping

from reporting.wording import dollars, numbers

MAX_LABELS = 8
"""Labels that are read out."""
_KINDS = {
    "stacked_bars": "Bar chart",
    "severity_bars": "Bar chart",
    "coverage_bars": "Bar chart",
    "dumbbells": "Chart with two points per label",
    "heat_map": "Heat map",
    "cumulative_shares": "Cumulative curves",
    "lines": "Line chart",
    "steps": "Step chart",
    "shares": "Line chart",
    "intervals": "Chart of values with intervals",
    "changes": "Bar chart of changes",
    "loss_waterfall": "Waterfall chart",
    "layers": "Bar chart of layers",
}
_UNITS: dict[str, Callable[[int], str]] = {
    "money": dollars.in_words,
    "qty": numbers.contracts,
    "count": numbers.count,
}
_FORMS: dict[str, Callable[[int], str]] = {
    "severity_bars": numbers.count,
    "shares": numbers.percent_of_bps,
    "intervals": numbers.percent_of_ppm,
    "cumulative_shares": numbers.percent_of_ppm,
}


def alt_text(form: str, data: Mapping) -> str:
    """The kind of chart and its values; ``form`` and ``data`` as ``parts.Figure`` has them."""
    show = _FORMS.get(form) or _UNITS[data.get("unit", "money")]
    kind = _KINDS[form]
    if form == "loss_waterfall":
        kind += f" from a loss of {show(data['loss'])}"
    if form == "heat_map":
        spoken = (
            f"{row}: up to {show(max(data['amounts'][row].values()))}" for row in data["rows"]
        )
    elif form == "cumulative_shares":
        spoken = (
            f"{name}: the largest {show(curve[0])}, the {len(curve)} largest {show(curve[-1])}"
            for name, curve in data["series"]
        )
    elif form in ("lines", "shares", "steps"):
        spoken = _over_time(data, show)
    else:
        spoken = _by_label(data, show)
    return f"{kind}. {'; '.join(spoken)}."


def _over_time(data: Mapping, show: Callable[[int], str]) -> Iterator[str]:
    places = [f"on {numbers.day_in_words(day)}" for day in data.get("days", ())]
    places = places or [f"at {label}" for label in data["labels"]]
    for name, values in data["series"]:
        known = [place for place, value in enumerate(values) if value is not None]
        if known:
            ends = (f"{show(values[end])} {places[end]}" for end in (known[0], known[-1]))
            yield f"{name}: {', '.join(ends)}"


def _by_label(data: Mapping, show: Callable[[int], str]) -> Iterator[str]:
    series = [*data.get("series", ()), *(data[key] for key in ("first", "second") if key in data)]
    for name in ("used", "remaining", "lowest", "values", "highest"):
        if name in data:
            series.append((name.replace("values", "value"), data[name]))
    for place, label in enumerate(data["labels"][:MAX_LABELS]):
        yield f"{label}: " + ", ".join(f"{name} {show(values[place])}" for name, values in series)
