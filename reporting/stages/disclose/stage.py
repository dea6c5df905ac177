"""Stage disclose: the figures of the packs (``sql/disclose/``) and the packs themselves."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.engine.stage import StageResult, run_stage
from reporting.engine.stored_rows import read_stored
from reporting.engine.tables import select_tables, stage_tables
from reporting.packs.api import PackFile, render_packs, set_aside_all_but
from reporting.settings import Settings


def disclose(day: Day, settings: Settings, with_packs: bool = True) -> StageResult:
    """Make the figures of a date and, if ``with_packs``, render the packs.

    Packs of earlier figures are set aside, even when no new ones are made.
    """
    result = run_stage(day, "disclose", DiscloseValues(day, settings, with_packs))
    # After the commit: until then the old packs are those of the date.
    packs = day.read("disclose/reads/pack_files").fetchall()
    set_aside_all_but(_folder(day, settings), dict(packs))
    return result


def _folder(day: Day, settings: Settings) -> Path:
    return settings.packs / day.business_date.isoformat()


class DiscloseValues:
    """The values that the table of packs is made from."""

    def __init__(self, day: Day, settings: Settings, with_packs: bool) -> None:
        self._day, self._settings, self._with_packs = day, settings, with_packs

    @cached_property
    def packs(self) -> Sequence[PackFile]:
        """Renders the packs from the figures that the same transaction has just made."""
        if not self._with_packs:
            return ()
        day = self._day
        folder = _folder(day, self._settings)
        return render_packs(figures(day), day.business_date, folder, provenance=_provenance(day))


@table(
    "disclose.pack_files",
    grain="one row per pack and edition",
    meaning="the PDF packs made for the day, with their hash",
    owner="disclosure",
    reads=" ".join(select_tables("disclose")),
    columns="pack edition file_name sha256 bytes pages",
)
def pack_file_rows(packs: Sequence[PackFile]) -> pyarrow.Table:
    return pyarrow.Table.from_pylist(
        [vars(pack) for pack in packs], schema_of("disclose.pack_files")
    )


def figures(day: Day) -> dict[str, list[dict]]:
    """The stored rows of every table of ``sql/disclose/`` for a date, each in its order."""
    selects = [figure for figure in stage_tables("disclose") if figure.sql is not None]
    return {figure.short: read_stored(day, figure) for figure in selects}


def _provenance(day: Day) -> dict[str, str]:
    """The sources of the packs: number and hash of the day's input files.

    Snapshot ids would differ between two runs of one date, but the bytes of a pack must not.
    """
    rows = day.read("land/reads/input_files").fetchall()
    digest = hashlib.sha256("".join(row[0] for row in rows).encode()).hexdigest()
    return {"input files": str(len(rows)), "inputs sha256": digest}
