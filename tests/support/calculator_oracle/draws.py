"""The whole scenario set of a margin document, drawn by the published rule."""

from collections.abc import Mapping, Sequence

from reporting.replica.draws import group_factor, normals, state_shocks, uniforms


def scenario_set(
    seed: int | str,
    groups: Sequence[str],
    clusters: Sequence[str],
    states_by_event: Mapping[str, int],
    scenarios: int,
    stress_share: float | str = 0,
    stress_values: Sequence[float] = (),
) -> dict:
    """The whole ``scenarios`` part of a margin document, its rows by name.

    ``states_by_event`` gives each event's number of outcome states.
    """
    return {
        "F": {
            group: group_factor(seed, group, scenarios, stress_share, stress_values)
            for group in groups
        },
        "FJ": {group: normals(seed, "FJ", group, scenarios) for group in groups},
        "U": {cluster: uniforms(seed, "U", cluster, scenarios) for cluster in clusters},
        "eps": {
            event: state_shocks(seed, event, states, scenarios)
            for event, states in states_by_event.items()
        },
        "xi": {event: normals(seed, "xi", event, scenarios) for event in states_by_event},
    }
