"""``reporting drill``: a default drill, from declaration to lessons, in one command."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from reporting.cli.options import BusinessDate, home_option
from reporting.lake import open_newest
from reporting.settings import Settings, from_environment
from reporting.wording import dollars

_WIDTH = 18


@click.command()
@click.option("--member", "member_id", required=True, help="Member that is declared in default.")
@click.option("--date", "day", type=BusinessDate(), required=True, help="Business date.")
@click.option(
    "--scenario",
    "scenario_id",
    help="Scenario id [largest shortfall that leaves half of the group's contracts open].",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the record [HOME/drills/DATE/DRILL-ID].",
)
@click.option("--pdf/--no-pdf", default=True, help="Also render the record as a PDF.")
@home_option
def drill(
    member_id: str,
    day: date,
    scenario_id: str | None,
    out: Path | None,
    pdf: bool,
    home: Path | None,
) -> None:
    """Drill the default of a member, from declaration to lessons.

    Assumes that a member and its affiliates default at the end of a date that was run, in one
    of that date's scenarios. Computes the timeline, positions, hedges, auction, silos and
    waterfall, the consequences for other members, and the lessons. Bids come from the stream
    bids; without any, a rule simulates them and they are marked SIMULATED. The lake is not
    changed, and the same lake gives the same bytes.

    \b
    Examples:
      reporting drill --member M01 --date 2026-05-06 --home build/home
      reporting drill --member M03 --date 2026-05-05 --no-pdf --out build/drill --home build/home
      reporting sql "SELECT scenario_id, words FROM stress.scenarios" --home build/home
    """
    # Imported here: the model takes a second to import.
    from reporting.studies.default_drill.files import write_record
    from reporting.studies.default_drill.record import make_record

    settings = from_environment(home)
    with open_newest(settings) as lake:
        record, files = make_record(lake, member_id, day, scenario_id)
    show(record, write_record(record, files, out or record_folder(settings, record), pdf))


def record_folder(settings: Settings, record: dict) -> Path:
    """Where a record lies if no other folder is named."""
    folder = re.sub(r"[^\w.+-]+", "_", record["drill_id"])
    return settings.home / "drills" / record["business_date"] / folder


def show(record: dict, paths: Sequence[Path]) -> None:
    """Print the record and its files."""
    for line in summary(record):
        click.echo(line)
    click.echo("\nWritten:")
    for path in paths:
        click.echo(f"  {path}")


def summary(record: dict) -> list[str]:
    """The record as the console shows it."""
    declared, waterfall, auction = record["declaration"], record["waterfall"], record["auction"]
    members = ", ".join(row["member_id"] for row in declared["defaulted"])
    scenario = declared["scenario"]
    labels = ["DRILL"]
    if record["synthetic"]:
        labels.append("SYNTHETIC data")
    if auction["lots"] and auction["bids_are"] != "feed":
        labels.append(f"{auction['bids_are']} bids")
    lines = [
        f"{record['drill_id']}  {record['business_date']}  {', '.join(labels)}",
        f"  declared {declared['declared_utc']}: group {declared['affiliate_group']} ({members})",
        f"  scenario {scenario['scenario_id']}, version {scenario['version']}: {scenario['words']}",
        f"  hedges {len(record['hedges'])}, lots {len(auction['lots'])}, close-out cost"
        f" {dollars.exact(_close_out_cost(record))}",
        "",
        f"{'layer':<24}{'size':>{_WIDTH}}{'used':>{_WIDTH}}{'remaining':>{_WIDTH}}",
    ]
    for layer in waterfall["layers"]:
        amounts = (layer[f"{name}_centicents"] for name in ("size", "used", "remaining"))
        shown = "".join(f"{dollars.exact(amount):>{_WIDTH}}" for amount in amounts)
        lines.append(f"{layer['layer_type'].replace('_', ' '):<24}{shown}")
    used = sum(layer["used_centicents"] for layer in waterfall["layers"])
    unallocated = dollars.exact(waterfall["unallocated_centicents"])
    lines += [
        f"loss {dollars.exact(waterfall['loss_centicents'])} = used {dollars.exact(used)}"
        f" + unallocated {unallocated}",
        "",
        "Observations:",
        *(f"  {lesson['code']}: {lesson['words']}" for lesson in record["lessons"]),
    ]
    return lines


def _close_out_cost(record: dict) -> int:
    loss = record["loss"]
    return loss["hedge_cost_centicents"] + loss["auction_cost_centicents"]
