"""The files behind a pack: their table, and which of their data are synthetic."""

from reporting.packs.common import Tables
from reporting.packs.document.tables import Table, table
from reporting.wording import words


def synthetic_words(tables: Tables) -> str:
    """Which data are synthetic, in one sentence; empty when none are."""
    rows = tables["files_landed"]
    marked = [row for row in rows if row["synthetic_files"]]
    if not marked:
        return ""
    if all(row["synthetic_files"] == row["files"] for row in rows):
        return "All data in this pack are synthetic: generated, of no real venue or member."
    senders = {row["sender"] for row in rows if not row["synthetic_files"]}
    kept = words.listed(sorted(senders))
    streams = words.listed(sorted(row["stream"].replace("_", " ") for row in marked), 5)
    real = f" Real data were sent by: {kept}." if kept else ""
    return words.sentence(f"{streams} were generated and belong to no real member") + real


def files_table(tables: Tables) -> Table:
    return table(
        "Files behind this pack",
        "files_landed",
        tables["files_landed"],
        "stream sender files+ synthetic_files+ rows_claimed+ rows_read+ rows_good+ "
        "rows_quarantined+",
        "No file landed for this business date.",
    )
