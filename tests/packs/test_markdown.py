"""A document as Markdown, against text written by hand."""

from reporting.packs.document.markdown import markdown, plain
from reporting.packs.document.parts import Conclusion, Document, Labelled, Listing, Section, Terms
from reporting.packs.document.tables import grid, table

DOCUMENT = Document(
    title="Review of a week",
    summary=("Written by `reporting review`.", Labelled("SYNTHETIC.", "Nothing here is real.")),
    sections=(
        Section("Summary", (Listing(("Call a.", "Call b."), "What to ask", numbered=True),)),
        Section(
            "Margin",
            (
                grid(
                    ("date", "family", "missing"),
                    [("2025-04-08", "S2", "−1,000"), ("2025-04-09", "S5", "—")],
                    2,
                    "US dollars.",
                ),
                grid(("date",), ()),
                table("Calls", "calls", [], "amount", "No call was due."),
            ),
            (Conclusion("Held", "Margin met every loss."), Conclusion("Watch", "It fell by −$3.")),
        ),
        Section("Limits", (Listing(("None.",)), Terms((("Core", "the largest of three."),)))),
    ),
)
TEXT = """\
# Review of a week

Written by `reporting review`.

**SYNTHETIC.** Nothing here is real.

## Summary

### What to ask

1. Call a.
2. Call b.

## Margin

- **Held.** Margin met every loss.
- **Watch.** It fell by -$3.

US dollars.

| date | family | missing |
| --- | --- | --: |
| 2025-04-08 | S2 | -1,000 |
| 2025-04-09 | S5 | - |

No call was due.

## Limits

- None.

- **Core**: the largest of three.
"""


def test_a_document_by_hand() -> None:
    assert markdown(DOCUMENT) == TEXT


def test_totals_and_rows_left_out_are_printed() -> None:
    rows = [{"member": name, "amount": 10_000} for name in ("A", "B", "C")]
    shown = table("Calls", "calls", rows, "member amount:money+", "none", top=1)
    text = markdown(Document("Title", (Section("Section", (shown,)),)))
    assert text.endswith(
        "**Calls**\n\n| Member | Amount |\n| --- | --: |\n| A | 1.00 |\n| Total | 3.00 |\n\n"
        "2 further rows are left out here; the total includes all rows.\n"
    )


def test_text_of_a_feed_marks_nothing_up() -> None:
    assert plain("a|b *c*\n[d](e)") == r"a\|b \*c\* \[d\](e)"
