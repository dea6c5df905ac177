"""The search beyond the scenario library, and how far all shocks must grow to reach each layer."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Section
from reporting.packs.document.tables import table
from reporting.packs.stress.reverse import chance
from reporting.wording import dollars, numbers, words

_FAILS = {1: "one group fails", 2: "two groups fail"}


def search_section(tables: Tables) -> Section:
    rows, factors = tables["search"], tables["search_multipliers"]
    return Section(
        "Search beyond the library",
        (
            *map(in_words, _summaries(rows)),
            *(() if rows else ("The search found no move that costs a group anything.",)),
            *map(_nearest_layer, _by_scope(factors)),
            table(
                "Clusters of the worst plausible scenario",
                "search",
                [
                    {**row, "fails": _FAILS[row["groups_failing"]]}
                    for row in rows
                    if row["cluster"] is not None
                ],
                "fails affiliate_groups cluster category moved_events cluster_loss_centicents",
                "No cluster moves.",
                heads={"cluster_loss_centicents": "Loss", "fails": "When"},
                note="All clusters of a scenario move by the same number of standard deviations, "
                "each against the groups that fail. A cluster is one draw.",
            ),
            table(
                "Factor by which all moves must grow to reach each layer",
                "search_multipliers",
                [
                    {
                        **row,
                        "fails": _FAILS[row["groups_failing"]],
                        "layer": row["layer_type"].replace("_", " "),
                        "factor": factor(row["multiplier_e2"]),
                        "likely": chance(row["correlated_probability_e12"])
                        if row["multiplier_e2"] is not None
                        else numbers.NONE,
                    }
                    for row in factors
                ],
                "fails scope layer_order layer_id layer needed_centicents factor:figure "
                "likely:figure",
                "No scenario was found.",
                heads={
                    "needed_centicents": "Loss needed",
                    "fails": "When",
                    "likely": "Probability",
                },
                note="Scope: the moves of the scenario found, or 99.9% moves of every market "
                "against the same groups. Loss needed: beyond margin for the defaulter's "
                "contribution, beyond the contribution for all others. Not reached: prices cannot "
                "leave 0 to 1, so no factor reaches the layer.",
            ),
        ),
    )


def in_words(row: dict) -> str:
    """The scenario of a row of ``disclose.search`` in a sentence."""
    number = words.number_of(row["clusters_moved"], "cluster")
    severity = numbers.scaled(row["severity_e2"], 2, 2)
    who = f"{_FAILS[row['groups_failing']]} ({row['affiliate_groups']})"
    found = (
        f"When {who}, the worst plausible scenario found moves {number} by {severity} standard "
        f"deviations each, with a joint probability of {chance(row['correlated_probability_e12'])} "
        f"under the model's correlation ({chance(row['independent_probability_e12'])} with "
        f"independent clusters). The loss is {dollars.in_words(row['loss_centicents'])}"
    )
    if not row["uncovered_centicents"]:
        return f"{found}, all of it within margin."
    if not row["shortfall_centicents"]:
        beyond = dollars.in_words(row["uncovered_centicents"])
        return f"{found}; {beyond} are beyond margin, within the groups' own contributions."
    share = numbers.percent(row["shortfall_centicents"], row["prefunded_centicents"])
    return (
        f"{found}; the shortfall is {dollars.in_words(row['shortfall_centicents'])}, {share} of "
        "the prefunded resources without these groups."
    )


def factor(multiplier_e2: int | None) -> str:
    """A factor, ``not reached`` where there is none."""
    return "not reached" if multiplier_e2 is None else numbers.scaled(multiplier_e2, 2, 2)


def _summaries(rows: list[dict]) -> list[dict]:
    """The first row of each number of failing groups."""
    first: dict[int, dict] = {}
    for row in rows:
        first.setdefault(row["groups_failing"], row)
    return list(first.values())


def _by_scope(rows: list[dict]) -> list[list[dict]]:
    groups: dict[tuple[int, str], list[dict]] = {}
    for row in rows:
        groups.setdefault((row["groups_failing"], row["scope"]), []).append(row)
    return list(groups.values())


def _nearest_layer(rows: list[dict]) -> str:
    first, last = rows[0], rows[-1]
    who = _FAILS[first["groups_failing"]]
    moves = "these moves" if first["scope"] == "found" else "99.9% moves of every market"
    if first["multiplier_e2"] is None:
        return f"When {who}, no growth of {moves} takes the loss beyond margin."
    end = (
        "no growth exhausts prefunded resources"
        if last["multiplier_e2"] is None
        else f"{factor(last['multiplier_e2'])} times as large they exhaust prefunded resources"
    )
    return (
        f"When {who}, {moves} reach the first layer at {factor(first['multiplier_e2'])} times "
        f"their size; {end}."
    )
