"""Other venues' requirements for the same books, in the daily pack (docs/peers.md)."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import table
from reporting.wording import dollars, numbers

_MICROS_PER_CENTICENT = 100
_MARGINED = "margined"
_KINDS = (
    ("initial_margin_micros", "Initial margin, ours"),
    ("worst_case_micros", "Worst-case loss, ours"),
    ("scanning_margin_micros", "Scanning-range margin (futures clearing house)"),
    ("premium_paid_scanning_micros", "Scanning-range margin, premiums paid at the trade"),
    ("without_netting_micros", "Without any netting"),
    ("conversion_micros", "Conversion netting (decentralised venue)"),
    ("full_sets_micros", "Released by full sets of YES"),
)
_DRAWN = (
    ("initial margin", "initial_margin_micros"),
    ("worst-case loss", "worst_case_micros"),
    ("scanning-range margin", "scanning_margin_micros"),
    ("conversion netting", "conversion_micros"),
    ("without any netting", "without_netting_micros"),
)


_SAID = ("scanning_margin", "initial_margin", "conversion", "worst_case")


def peers_section(tables: Tables) -> Section:
    rows = {row["collateralisation"]: row for row in tables["peer_totals"]}
    if not rows:
        return Section("Other venues on the same books", ("No position is open today.",))
    return Section(
        "Other venues on the same books",
        (
            *((_in_words(rows[_MARGINED]),) if _MARGINED in rows else ()),
            "The same positions, account by account, as two other kinds of venue would require "
            "collateral for them: a futures clearing house with scanning ranges, and a "
            "decentralised venue that converts outcome sets. This is a comparison. Nothing here is "
            "charged, and the rates are assumptions.",
            *((_figure(rows[_MARGINED]),) if _MARGINED in rows else ()),
            table(
                "Requirements on the same books, all accounts",
                "peer_totals",
                [
                    {"requirement": name}
                    | {f"{kind}_micros": row[key] for kind, row in rows.items()}
                    for key, name in _KINDS
                ],
                " ".join(["requirement", *(f"{kind}_micros" for kind in rows)]),
                "No position is open today.",
            ),
            table(
                "Accounts with a higher or lower requirement elsewhere",
                "peer_totals",
                [{**row, "positions": kind.replace("_", " ")} for kind, row in rows.items()],
                "positions accounts scanning_above_initial scanning_below_initial "
                "scanning_above_worst_case conversion_above_worst_case",
                "No position is open today.",
            ),
        ),
    )


def _in_words(row: dict) -> str:
    amounts = {key: dollars.micros_in_words(row[f"{key}_micros"]) for key in _SAID}
    share = numbers.percent(row["scanning_margin_micros"], row["initial_margin_micros"])
    return (
        f"For the margined books scanning ranges require {amounts['scanning_margin']}, {share} of "
        f"our initial margin of {amounts['initial_margin']}. Conversion netting requires "
        f"{amounts['conversion']} against a worst-case loss of {amounts['worst_case']}."
    )


def _figure(row: dict) -> Figure:
    amounts = [numbers.round_half_even(row[key], _MICROS_PER_CENTICENT) for _, key in _DRAWN]
    return Figure(
        "Requirements for the margined books",
        "stacked_bars",
        {
            "labels": [name for name, _ in _DRAWN],
            "series": [("requirement", amounts)],
            "unit": "money",
            "axis": "all accounts",
        },
        "peer_totals",
    )
