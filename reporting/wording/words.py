"""Sentences composed from numbers: plurals, lists, comparisons."""

from reporting.wording import numbers


def number_of(value: int, noun: str, plural: str | None = None) -> str:
    """``3, "account"`` as ``3 accounts``; zero as ``no accounts``."""
    word = noun if value == 1 else plural or noun + "s"
    return f"{'no' if value == 0 else numbers.count(value)} {word}"


def listed(items: list[str], most: int = 4) -> str:
    """``a, b and c``; more than ``most`` become ``a, b, c and 5 others``."""
    if len(items) > most:
        rest = len(items) - most + 1
        items = [*items[: most - 1], f"{rest} others"]
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def sentence(text: str) -> str:
    """``text`` with its first letter raised and a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."


def moved(today: int | None, previous: int | None, show) -> str:
    """How a number moved: ``up 4.2% from $1,000``; empty where one of the two is missing."""
    if today is None or previous is None:
        return ""
    if today == previous:
        return "unchanged"
    direction = "up" if today > previous else "down"
    if previous > 0:
        share = numbers.percent(abs(today - previous), previous)
        return f"{direction} {share} from {show(previous)}"
    return f"{direction} from {show(previous)}"
