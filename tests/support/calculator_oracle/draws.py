"""The whole scenario set of a margin document, drawn by the published rule."""

from collections.abc import Mapping, Sequence

from reporting.replica.draws import normals, uniforms


def scenario_set(
    seed: int | str,
    groups: Sequence[str],
    clusters: Sequence[str],
    ordered: Sequence[str],
    signals: Mapping[str, Sequence[str]],
    scenarios: int,
) -> dict:
    """The whole ``scenarios`` part of a margin document, its rows by name.

    ``ordered``: ids of the ordered events; ``signals``: names of the signals of the others.
    """
    return {
        "F": {group: normals(seed, "F", group, scenarios) for group in groups},
        "U": {cluster: uniforms(seed, "U", cluster, scenarios) for cluster in clusters},
        "eps": {event: normals(seed, "eps", event, scenarios) for event in ordered},
        "eta": {
            event: [normals(seed, "eta", f"{event}\n{name}", scenarios) for name in names]
            for event, names in signals.items()
        },
        "theta": {event: uniforms(seed, "theta", event, scenarios) for event in signals},
        "info": {event: uniforms(seed, "info", event, scenarios) for event in (*ordered, *signals)},
    }
