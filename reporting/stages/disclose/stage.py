"""Stage disclose: the figures of the packs (``sql/disclose/``) and the packs themselves."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pyarrow

from reporting.engine.day import Day
from reporting.engine.stage import StageResult, run_stage
from reporting.engine.tables import stage_tables
from reporting.packs.api import render_packs, set_aside_all_but
from reporting.settings import Settings

_COLUMNS = ("pack", "edition", "file_name", "sha256", "bytes", "pages")


def disclose(day: Day, settings: Settings, with_packs: bool = True) -> StageResult:
    """Make the figures of a date and, unless told otherwise, render the packs.

    Packs of earlier figures do not stay beside the new ones, also when none are made.
    """
    producer = _Packs(settings, with_packs)
    result = run_stage(day, "disclose", {"disclose.pack_files": producer})
    # After the commit: until then the lake says that the old ones are the packs of the date.
    made = day.query(
        "SELECT file_name, sha256 FROM disclose.pack_files WHERE business_date = $business_date"
    ).fetchall()
    set_aside_all_but(_folder(day, settings), dict(made))
    return result


def _folder(day: Day, settings: Settings) -> Path:
    return settings.packs / day.business_date.isoformat()


class _Packs:
    """Renders the packs from the figures that the same transaction has just made."""

    def __init__(self, settings: Settings, with_packs: bool) -> None:
        self._settings, self._with_packs = settings, with_packs

    def __call__(self, day: Day) -> Mapping[str, pyarrow.Table]:
        if not self._with_packs:
            return {"disclose.pack_files": _SCHEMA.empty_table()}
        made = render_packs(
            figures(day),
            day.business_date,
            _folder(day, self._settings),
            provenance=_provenance(day),
        )
        records = [{name: getattr(pack, name) for name in _COLUMNS} for pack in made]
        return {"disclose.pack_files": pyarrow.Table.from_pylist(records, schema=_SCHEMA)}


def figures(day: Day) -> dict[str, list[dict]]:
    """Rows of every table of ``sql/disclose/`` for a date, in a fixed order."""
    found = {}
    for table in stage_tables("disclose"):
        if table.sql is None:
            continue
        rows = day.query(table.sql)
        names = [column[0] for column in rows.description]
        found[table.short] = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return found


def _provenance(day: Day) -> dict[str, str]:
    """What the packs were made from: hashes of the day's input files, not of this run.

    Snapshot ids would differ between two runs of one date; the bytes of a pack must not.
    """
    rows = day.query(
        "SELECT file_sha256 FROM land.files"
        " WHERE business_date = $business_date AND status = 'LANDED' ORDER BY file_sha256"
    ).fetchall()
    digest = hashlib.sha256("".join(row[0] for row in rows).encode()).hexdigest()
    return {"input files": str(len(rows)), "inputs sha256": digest}


_SCHEMA = pyarrow.schema(
    [(name, pyarrow.string()) for name in _COLUMNS[:4]]
    + [(name, pyarrow.int64()) for name in _COLUMNS[4:]]
)
