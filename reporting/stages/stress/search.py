"""The search of a date beyond the scenario library.

Belongs here: the rows of ``stress.search``, ``stress.search_clusters`` and
``stress.search_multipliers``. The search and the factors are in ``model/stress/search``; how far it
looks says the record of the library.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pyarrow
from scipy.special import ndtri

from reporting.engine.declaration import schema_of, table
from reporting.model.stress.gaps import shares
from reporting.model.stress.latent import variables
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.search.multipliers import HUNDREDTHS, Threshold, multipliers
from reporting.model.stress.search.severity import Severities
from reporting.model.stress.search.target_losses import Field, Hurt, TargetLosses, field_of
from reporting.model.stress.search.worst_plausible import (
    Found,
    Limits,
    categories_of,
    probabilities,
    worst_plausible,
)
from reporting.model.stress.stress_book import StressBook
from reporting.stages.stress.resources import Resources
from reporting.units import BPS, MICROS_PER_CENTICENT

_BILLION = 10**9
_EXTREME_Z = float(ndtri(0.999))


@dataclass(frozen=True)
class SearchRows:
    """Rows of the three tables; empty if the library has no record of the kind."""

    summary: Sequence[dict] = ()
    clusters: Sequence[dict] = ()
    multipliers: Sequence[dict] = field(default_factory=tuple)


@table(
    "stress.search",
    grain="one row per number of failing groups, 1 and 2; none where no group can lose",
    meaning=(
        "the joint move of clusters, within the plausibility that the record states, that hurts the"
        " failing groups most: who fails, how far the clusters move, how likely that is, the loss"
        " and the parts beyond margin and beyond own contributions; found by a seeded search, not"
        " proven to be the worst"
    ),
    reads="stress.scenarios validate.resources validate.guaranty_fund",
    columns="""
        groups_failing affiliate_groups clusters_moved severity_sd independent_probability
        correlated_probability loss_centicents uncovered_centicents shortfall_centicents
        prefunded_centicents sets_tried plausible_per_billion seed version
    """,
    made_with="stress.cover",
)
def search_summary_rows(search: SearchRows) -> pyarrow.Table:
    return pyarrow.Table.from_pylist(list(search.summary), schema_of("stress.search"))


@table(
    "stress.search_clusters",
    grain="one row per number of failing groups and cluster that moves",
    meaning=(
        "the clusters of the worst plausible scenario, with what the failing groups lose in each;"
        " gains of one account are set off against losses of another"
    ),
    reads="stress.search",
    columns="groups_failing cluster category moved_events loss_centicents",
    made_with="stress.cover",
)
def search_cluster_rows(search: SearchRows) -> pyarrow.Table:
    return pyarrow.Table.from_pylist(list(search.clusters), schema_of("stress.search_clusters"))


@table(
    "stress.search_multipliers",
    grain="one row per number of failing groups, scope and layer, in order of use",
    meaning=(
        "by which factor all moves must grow to reach the layer: those of the worst plausible"
        " scenario (scope found), with how likely the grown moves are, and 99.9 % moves of every"
        " market against the same groups (scope every market); the last row is the end of prefunded"
        " resources"
    ),
    reads="stress.search",
    columns="""
        groups_failing scope layer_order layer_id layer_type needed_centicents multiplier_e2
        correlated_probability
    """,
    made_with="stress.cover",
)
def search_multiplier_rows(search: SearchRows) -> pyarrow.Table:
    schema = schema_of("stress.search_multipliers")
    return pyarrow.Table.from_pylist(list(search.multipliers), schema)


def search_rows(
    record: ScenarioRecord | None,
    held: StressBook,
    resources: Resources,
    rho_bps: Mapping[str, int],
) -> SearchRows:
    """The search of the date and its result."""
    if record is None:
        return SearchRows()
    policy = record.parameters
    latent = variables(held.market)
    of_clusters = field_of(
        held, latent, shares(held, latent, policy["extra_days"]), policy["largest_clusters"]
    )
    everything = field_of(held, latent, of_clusters.shares, len(held.market.events))
    rho = {category: bps / BPS for category, bps in rho_bps.items()}
    severities = Severities(rho, policy["plausible_per_billion"] / _BILLION)
    limits = Limits(
        **{n: policy[n] for n in ("largest_groups", "moved_clusters", "starts", "seed")}
    )
    worst = worst_plausible(held, of_clusters, severities, limits)
    summary, clusters, factors = [], [], []
    for number, found in sorted(worst.items()):
        key = {"groups_failing": number}
        names = [held.groups[g] for g in found.groups]
        summary.append(
            key
            | {
                "affiliate_groups": ", ".join(names),
                "clusters_moved": len(found.clusters),
                "severity_sd": found.z,
                "loss_centicents": _up(found.hurt.loss),
                "uncovered_centicents": _up(found.hurt.uncovered),
                "shortfall_centicents": _up(found.hurt.shortfall),
                "prefunded_centicents": resources.financial(held.groups).prefunded_without(
                    found.groups
                ),
                "sets_tried": found.tried,
                "plausible_per_billion": policy["plausible_per_billion"],
                "seed": policy["seed"],
                "version": record.version,
            }
            | probabilities(of_clusters, severities, found)
        )
        clusters += [key | row for row in _cluster_rows(of_clusters, found)]
        layers = list(_thresholds(names, resources))
        factors += [key | row for row in _found_multipliers(of_clusters, severities, found, layers)]
        losses = TargetLosses(held, everything, found.groups)
        factors += [key | row for row in _market_multipliers(everything, losses, layers)]
    return SearchRows(summary, clusters, factors)


def _up(micros: int) -> int:
    return -(-micros // MICROS_PER_CENTICENT)


def _cluster_rows(of_clusters: Field, found: Found) -> Iterator[dict]:
    losses = found.losses.by_cluster(found.clusters, found.z)
    events = of_clusters.variables.event
    for cluster in sorted(losses, key=lambda c: (-losses[c], of_clusters.names[c])):
        yield {
            "cluster": of_clusters.names[cluster],
            "category": of_clusters.categories[cluster],
            "moved_events": len(np.unique(events[of_clusters.cluster_of == cluster])),
            "loss_centicents": _up(losses[cluster]),
        }


_Layers = Sequence[tuple[str, Threshold]]


def _found_multipliers(
    of_clusters: Field, severities: Severities, found: Found, layers: _Layers
) -> Iterator[dict]:
    """Factors on the moves of the scenario found."""
    categories = categories_of(of_clusters, found.clusters)
    hurt = partial(_hurt, found.losses, found.clusters, found.z)
    for row in _multiplier_rows("found", hurt, layers):
        factor = row["multiplier_e2"]
        z = None if factor is None else found.z * factor / HUNDREDTHS
        yield row | {
            "correlated_probability": None if z is None else severities.correlated(categories, z)
        }


def _market_multipliers(everything: Field, losses: TargetLosses, layers: _Layers) -> Iterator[dict]:
    """Factors on 99.9 % moves of every market against the same groups."""
    hurt = partial(_hurt, losses, range(len(everything.names)), _EXTREME_Z)
    for row in _multiplier_rows("every market", hurt, layers):
        yield row | {"correlated_probability": None}


def _hurt(losses: TargetLosses, clusters: Sequence[int], z: float, factor: int) -> Hurt:
    return losses.hurt(clusters, z * factor / HUNDREDTHS)


def _multiplier_rows(scope: str, hurt: Callable[[int], Hurt], layers: _Layers) -> Iterator[dict]:
    factors = multipliers(hurt, [threshold for _, threshold in layers])
    for order, ((layer_type, threshold), factor) in enumerate(
        zip(layers, factors, strict=True), start=1
    ):
        yield {
            "scope": scope,
            "layer_order": order,
            "layer_id": threshold.layer_id,
            "layer_type": layer_type,
            "needed_centicents": threshold.amount // MICROS_PER_CENTICENT,
            "multiplier_e2": factor,
        }


def _thresholds(groups: Sequence[str], resources: Resources) -> Iterator[tuple[str, Threshold]]:
    """The loss beyond which each prefunded layer is touched, in order of use, and their end.

    Micros. The first layer is the defaulters' contribution, touched by any loss beyond margin. The
    others are touched by losses beyond it. Slices of the fund are part of the fund.
    """
    spent = 0
    survivors = sum(resources.deposits_outside(groups).values())
    for layer in resources.layers:
        if layer.kind == "defaulter_fund":
            yield layer.kind, Threshold(layer.layer_id, 0, beyond_margin=True)
        elif layer.kind in ("own_capital", "survivors_fund", "insurance") and layer.prefunded:
            yield layer.kind, Threshold(layer.layer_id, spent * MICROS_PER_CENTICENT)
            if layer.kind == "own_capital":
                spent += resources.own_capital[layer.layer_id]
            else:
                spent += survivors if layer.kind == "survivors_fund" else layer.amount
    yield "end", Threshold("end of prefunded resources", spent * MICROS_PER_CENTICENT)
