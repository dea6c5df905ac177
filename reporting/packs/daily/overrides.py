"""Overrides in the daily pack: who replaced which number of the clearing house, why, until when."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Section
from reporting.packs.document.tables import table
from reporting.wording import numbers, words


def overrides_section(tables: Tables) -> Section:
    rows = tables["overrides"]
    return Section(
        "Overrides",
        (
            _in_words(rows),
            table(
                "Register of overrides",
                "overrides",
                rows,
                "override_id status figure subject old_value new_value requester approver reason"
                " valid_until_date",
                "The register holds no override.",
                top=25,
            ),
        ),
    )


def _in_words(rows: list[dict]) -> str:
    if not rows:
        return "The clearing house reports no number that was overridden by hand."
    late = sum(row["status"] != "in force" for row in rows)
    return (
        f"The register holds {words.number_of(len(rows), 'override')}, "
        f"{numbers.count(late)} of them expired or without an end."
    )
