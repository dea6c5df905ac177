"""Stage land: what arrived for a business date, as text, nothing cast.

Assets: ``land.files`` (each file that arrived), ``land.quarantine`` (each rejected line),
one table per stream of ``reporting/contract/``, ``land.findings``. All come from one pass
over the drop folder (``reporting/stages/land/stage.py``), none from a SELECT. Next: validate.
"""

from datetime import date

from reporting.desk.assets.stage import stage_assets
from reporting.desk.resources import Installation
from reporting.errors import UserError
from reporting.stages.run import days_to_run


def no_day_left_out(installation: Installation, business_date: date) -> None:
    """Raise UserError if an earlier day was never run: positions are carried from day to day."""
    bench, settings = installation.bench, installation.settings
    missing = days_to_run(bench.lake, settings, business_date, business_date)[:-1]
    if missing:
        raise UserError(
            f"{len(missing)} earlier days of the input were never run ({missing[0]} to"
            f" {missing[-1]}); run them first: reporting backfill --from {missing[0]}"
            f" --to {missing[-1]} --input {settings.input} --home {settings.home}"
        )


LAND = stage_assets("land", precondition=no_day_left_out)
