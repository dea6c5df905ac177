"""The tables of stage land: each stream as text, files, progress of the day, rejected lines.

Belongs here: their declarations. Loading has made temporary tables by then (``feeds``); the rows
are theirs.
"""

import pyarrow

from reporting.contract import STREAMS, Stream
from reporting.engine.declaration import Rows, Table, declare, schema_of, table, typed
from reporting.feeds.api import Progress

_OWNER = "data operations"
_SOURCE = ("file_sha256", "line")


@table(
    "land.files",
    grain="one row per file that arrived",
    meaning="each file in the drop folder, with its manifest and its status after landing",
    owner=_OWNER,
    reads="",
    columns="""
        file_sha256 stream sender sequence name format bytes rows_claimed rows_read rows_good status
        as_of_utc synthetic history manifest_sha256
    """,
)
def file_rows() -> Rows:
    """The temporary table of files."""
    return "temp.landing_files"


@table(
    "land.progress",
    grain="one row per business date",
    meaning=(
        "how complete the delivery of the date is: the latest cycle with prices, and whether"
        " end-of-day files are still to come; if so, it is complete up to the time of that cycle"
    ),
    owner=_OWNER,
    reads="land.market_price_snapshot",
    columns="latest_cycle part_of_day complete_to_utc",
)
def progress_rows(progress: Progress) -> pyarrow.Table:
    moment = progress.complete_to_utc
    columns = {
        "latest_cycle": [progress.latest_cycle],
        "part_of_day": [progress.part_of_day],
        "complete_to_utc": [moment and moment.replace(tzinfo=None)],
    }
    return pyarrow.table(columns, schema_of("land.progress"))


@table(
    "land.quarantine",
    grain="one row per rejected line",
    meaning="lines that break the contract, with file, line and rule",
    owner=_OWNER,
    reads="",
    columns="file_sha256 stream line rule_id column_name excerpt",
)
def quarantine_rows() -> Rows:
    """The temporary table of rejected lines."""
    return "temp.landing_quarantine"


def _declare_stream(stream: Stream) -> None:
    """A stream is landed as text: every column of the contract is VARCHAR."""
    name = f"land.{stream.name}"
    text = dict.fromkeys(stream.column_names, "VARCHAR")

    def stream_rows() -> Rows:
        return f"temp.landing_{stream.name}"

    declare(
        Table(
            name,
            stream.grain,
            f"the stream {stream.name} as text, nothing cast, each row with its file and line",
            _OWNER,
            frozenset({"land.files"}),
            typed(name, _SOURCE) | text,
            notes={column.name: column.meaning for column in stream.columns},
            producer=stream_rows,
        )
    )


for _stream in STREAMS.values():
    _declare_stream(_stream)
