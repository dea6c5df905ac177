"""``reporting drill``: the whole record of a default, from the lake, in one command."""

import re
from datetime import date
from pathlib import Path

import click

from reporting.cli.amounts import dollars
from reporting.cli.options import BusinessDate, home_option
from reporting.lake import open_newest
from reporting.settings import from_environment

_WIDTH = 18


@click.command()
@click.option("--member", "member_id", required=True, help="Member that is declared in default.")
@click.option("--date", "day", type=BusinessDate(), required=True, help="Business date.")
@click.option("--scenario", "scenario_id", help="Scenario id [the group's largest shortfall].")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the record [HOME/drills/DATE/DRILL-ID].",
)
@click.option("--pdf/--no-pdf", default=True, help="Render the record as a PDF too.")
@home_option
def drill(
    member_id: str,
    day: date,
    scenario_id: str | None,
    out: Path | None,
    pdf: bool,
    home: Path | None,
) -> None:
    """Drill a default: the whole record of it, from declaration to lessons.

    Takes a member, and all that are affiliated with it, to default after the end of a date
    that was run, in a scenario of that date. Computes the timeline, positions, hedges,
    auction, silos and waterfall, what may come next, and what the drill showed. Bids come
    from the stream bids, or are SIMULATED by a rule and marked so. The lake is not changed;
    the same lake gives the same bytes.

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
    folder = re.sub(r"[^\w.+-]+", "_", record["drill_id"])
    out = out or settings.home / "drills" / day.isoformat() / folder
    paths = write_record(record, files, out, pdf)
    for line in summary(record):
        click.echo(line)
    click.echo("\nWritten:")
    for path in paths:
        click.echo(f"  {path}")


def summary(record: dict) -> list[str]:
    """What the console says of a record."""
    declared, waterfall, auction = record["declaration"], record["waterfall"], record["auction"]
    together = ", ".join(row["member_id"] for row in declared["defaulted"])
    scenario = declared["scenario"]
    labels = ["DRILL"]
    if record["synthetic"]:
        labels.append("SYNTHETIC data")
    if auction["lots"] and auction["bids_are"] != "feed":
        labels.append(f"{auction['bids_are']} bids")
    lines = [
        f"{record['drill_id']}  {record['business_date']}  {', '.join(labels)}",
        f"  declared {declared['declared_utc']}: group {declared['affiliate_group']} ({together})",
        f"  scenario {scenario['scenario_id']}, version {scenario['version']}: {scenario['words']}",
        f"  hedges {len(record['hedges'])}, lots {len(auction['lots'])}, closing out costs"
        f" {dollars(_closing(record))}",
        "",
        f"{'layer':<24}{'size':>{_WIDTH}}{'used':>{_WIDTH}}{'remaining':>{_WIDTH}}",
    ]
    for layer in waterfall["layers"]:
        amounts = (layer[f"{name}_centicents"] for name in ("size", "used", "remaining"))
        shown = "".join(f"{dollars(amount):>{_WIDTH}}" for amount in amounts)
        lines.append(f"{layer['layer_type'].replace('_', ' '):<24}{shown}")
    loss, rest = waterfall["loss_centicents"], waterfall["unallocated_centicents"]
    used = sum(layer["used_centicents"] for layer in waterfall["layers"])
    lines += [
        f"loss {dollars(loss)} = used {dollars(used)} + unallocated {dollars(rest)}",
        "",
        "Observations:",
        *(f"  {lesson['code']}: {lesson['words']}" for lesson in record["lessons"]),
    ]
    return lines


def _closing(record: dict) -> int:
    loss = record["loss"]
    return loss["hedge_cost_centicents"] + loss["auction_cost_centicents"]
