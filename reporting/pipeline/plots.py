"""Figures of a stage that the desk plots from date to date, beside the number of rows.

Belongs here: which figures, and their values of a date. How they are shown is the desk's.
"""

from collections.abc import Mapping

from reporting.pipeline.day import Day

PLOTTED: Mapping[str, str] = {
    "stress.cover": """
SELECT
    MAX(cover_1_centicents) / 10000 AS "Cover-1, dollars",
    MAX(cover_2_centicents) / 10000 AS "Cover-2, dollars",
    MIN(prefunded_centicents - cover_2_centicents) / 10000 AS "least left by Cover-2, dollars"
FROM stress.cover
WHERE business_date = $business_date
""",
    "stress.reverse": """
SELECT
    MAX(resolutions) AS "resolutions that exhaust resources",
    MAX(at_least) AS "no fewer resolutions than"
FROM stress.reverse
WHERE business_date = $business_date
""",
    "stress.liquidity": """
SELECT
    MIN(least_left_centicents) / 10000 AS "least left, dollars",
    MIN(hours_survived) AS "hours survived",
    MAX(floor_centicents) / 10000 AS "regulatory floor, dollars"
FROM stress.liquidity
WHERE business_date = $business_date
""",
}
"""By table, one SELECT of its rows of the date; a column is a plot, its name the label."""


def plotted_figures(day: Day, stage: str) -> dict[str, dict[str, float]]:
    """Figures of the tables of a stage that has been made, by table; without what is empty."""
    found: dict[str, dict[str, float]] = {}
    for table, sql in PLOTTED.items():
        if table.startswith(f"{stage}."):
            rows = day.query(sql)
            names = [column[0] for column in rows.description]
            pairs = zip(names, rows.fetchone(), strict=True)
            found[table] = {name: value for name, value in pairs if value is not None}
    return found
