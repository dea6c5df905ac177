"""The scenario library as records: words, kind, parameters, version and owner.

Belongs here: the fields of a record and their checks. The caller stores records; ``library``
turns them into scenarios. Shares are whole basis points, so that everybody who reads a record
computes with the same numbers.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from reporting.model.errors import ModelError
from reporting.units import BPS

SURPRISE_RESOLUTION = "surprise_resolution"
CATEGORY_SWEEP = "category_sweep"
GAP = "gap"
REVERSAL = "reversal"
VOID = "void"
MISSED_CYCLE = "missed_cycle"
CLOSED_DAYS = "closed_days"
GROUP_SWEEP = "group_sweep"
DEPTH = "depth"
COLLATERAL = "collateral"
COMBINED = "combined"
PORTING = "porting"
WITHDRAWAL = "withdrawal"
REPLAY = "replay"
REVERSE = "reverse"
LIQUIDITY = "liquidity"
FUND_SIZING = "fund_sizing"
SEARCH = "search"
ANALYSES = (REVERSE, LIQUIDITY, FUND_SIZING, SEARCH)
"""Kinds that are analyses, not scenarios; at most one record of each is in force."""

_COUNT = (1, 10_000)
_DAYS = (0, 365)
_SHARE = (0, BPS)
_QUANTILE = (BPS // 2, BPS - 1)
_MULTIPLE = (0, 1_000 * BPS)
_HOURS = (0, 24)
_RANGES: Mapping[str, Mapping[str, tuple[int, int]]] = {
    SURPRISE_RESOLUTION: {"events": _COUNT},
    CATEGORY_SWEEP: {},
    GROUP_SWEEP: {"paired_groups": (0, 100)},
    GAP: {"quantile_bps": _QUANTILE},
    REVERSAL: {"events": _COUNT, "withdrawn_bps": _SHARE},
    VOID: {"events": _COUNT},
    MISSED_CYCLE: {"extra_days": _DAYS, "quantile_bps": _QUANTILE},
    CLOSED_DAYS: {"days": _DAYS, "quantile_bps": _QUANTILE},
    DEPTH: {"depth_left_bps": _SHARE, "spread_multiple_bps": _MULTIPLE},
    COLLATERAL: {"yield_rise_bps": _SHARE},
    COMBINED: {},
    PORTING: {
        "extra_days": _DAYS,
        "quantile_bps": _QUANTILE,
        "depth_left_bps": _SHARE,
        "spread_multiple_bps": _MULTIPLE,
    },
    WITHDRAWAL: {"spread_multiple_bps": _MULTIPLE},
    REPLAY: {"dates": _COUNT, "multiple_bps": _MULTIPLE},
    REVERSE: {"events": _COUNT, "node_limit": (1, 10_000_000), "least_resolutions": (0, 10_000)},
    LIQUIDITY: {"facility_notice_hours": _HOURS},
    FUND_SIZING: {
        "minimum_centicents": (0, 10**14),
        "stress_weight_bps": _SHARE,
        "open_interest_weight_bps": _SHARE,
        "volume_weight_bps": _SHARE,
        "least_share_bps": _SHARE,
        "alike_bps": _MULTIPLE,
        "unlike_bps": _MULTIPLE,
    },
    SEARCH: {
        "plausible_per_billion": (1, 10**9),
        "extra_days": _DAYS,
        "largest_groups": (1, 100),
        "largest_clusters": (1, 1_000),
        "moved_clusters": (1, 100),
        "starts": (0, 1_000),
        "seed": (0, 2**63 - 1),
    },
}
"""Integer parameters of each kind with their minimum and maximum."""
_MORE = {
    COLLATERAL: ("falls_bps", "duration_months"),
    COMBINED: ("of",),
    LIQUIDITY: ("liquid_assets",),
}
_OPTIONAL = {LIQUIDITY: ("notice_hours",)}
KINDS = tuple(_RANGES)
ASSET_PARAMETERS = ("falls_bps", "duration_months", "liquid_assets")
FACILITY_PARAMETERS = ("notice_hours",)


@dataclass(frozen=True)
class ScenarioRecord:
    """One record of the library.

    parameters: integers by name. ``collateral`` also has falls_bps and duration_months by asset
    type; ``combined`` has ``of``, the ids of the combined records; ``liquidity`` has
    ``liquid_assets``, the asset types that can pay at once, and optionally ``notice_hours`` by
    facility, where they differ from ``facility_notice_hours``.
    """

    record_id: str
    family: str
    version: str
    effective_from: date
    owner: str
    words: str
    kind: str
    parameters: Mapping[str, object]


def record_from(fields: object) -> ScenarioRecord:
    """A record from plain data. Raises ModelError naming the record and the invalid field."""
    if not isinstance(fields, dict):
        raise ModelError("record", "must be an object")
    name = fields.get("id")
    where = f"scenario {name}"
    known = {"id", "family", "version", "effective_from", "owner", "words", "kind", "parameters"}
    for missing in sorted(known - fields.keys()):
        raise ModelError(missing, f"{where}: is missing")
    for unknown in sorted(fields.keys() - known, key=str):
        raise ModelError(str(unknown), f"{where}: is not a known field")
    for text in ("id", "family", "version", "owner", "words"):
        if not isinstance(fields[text], str) or not fields[text].strip():
            raise ModelError(text, f"{where}: must be non-empty text")
    if type(fields["effective_from"]) is not date:
        raise ModelError("effective_from", f"{where}: must be a date")
    if fields["kind"] not in KINDS:
        raise ModelError("kind", f"{where}: must be one of {', '.join(KINDS)}")
    return ScenarioRecord(
        record_id=fields["id"],
        family=fields["family"],
        version=fields["version"],
        effective_from=fields["effective_from"],
        owner=fields["owner"],
        words=" ".join(fields["words"].split()),
        kind=fields["kind"],
        parameters=_parameters(where, fields["kind"], fields["parameters"]),
    )


def _parameters(where: str, kind: str, given: object) -> dict[str, object]:
    if not isinstance(given, dict):
        raise ModelError("parameters", f"{where}: must be an object")
    known = {*_RANGES[kind], *_MORE.get(kind, ())}
    for missing in sorted(known - given.keys()):
        raise ModelError(missing, f"{where}: is missing")
    for unknown in sorted(given.keys() - known - {*_OPTIONAL.get(kind, ())}, key=str):
        raise ModelError(str(unknown), f"{where}: is not a parameter of {kind}")
    parameters: dict[str, object] = {
        name: _whole(where, name, given[name], *bounds) for name, bounds in _RANGES[kind].items()
    }
    if kind == COLLATERAL:
        parameters["falls_bps"] = _by_name(where, "falls_bps", given, _SHARE)
        parameters["duration_months"] = _by_name(where, "duration_months", given, (0, 360))
    if kind == COMBINED:
        parts = given["of"]
        if not isinstance(parts, list) or len(parts) < 2:
            raise ModelError("of", f"{where}: must list two records or more")
        parameters["of"] = tuple(str(part) for part in parts)
    if kind == LIQUIDITY:
        assets = given["liquid_assets"]
        if not isinstance(assets, list) or not all(isinstance(asset, str) for asset in assets):
            raise ModelError("liquid_assets", f"{where}: must list asset types")
        parameters["liquid_assets"] = tuple(sorted(set(assets)))
        parameters["notice_hours"] = _by_name(
            where, "notice_hours", {"notice_hours": {}, **given}, _HOURS
        )
    return parameters


def _by_name(where: str, name: str, given: dict, limits: tuple[int, int]) -> dict[str, int]:
    """Integers by asset type or facility."""
    if not isinstance(given[name], dict):
        raise ModelError(name, f"{where}: must be an object of whole numbers by name")
    return {
        str(key): _whole(where, f"{name}.{key}", value, *limits)
        for key, value in sorted(given[name].items(), key=str)
    }


def _whole(where: str, name: str, value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ModelError(name, f"{where}: must be a whole number")
    if not low <= value <= high:
        raise ModelError(name, f"{where}: must lie between {low} and {high}")
    return value


def records_in_force(
    records: Iterable[ScenarioRecord], business_date: date
) -> tuple[ScenarioRecord, ...]:
    """The latest record of each id effective on or before the date, in order of first record.

    Raises ModelError for two records with the same id and date, and for a combination of records
    that are not in force or are combinations themselves.
    """
    newest: dict[str, ScenarioRecord] = {}
    seen: set[tuple[str, date]] = set()
    for record in records:
        key = record.record_id, record.effective_from
        if key in seen:
            raise ModelError("id", f"scenario {record.record_id}: twice from {key[1]}")
        seen.add(key)
        if record.effective_from > business_date:
            continue
        before = newest.get(record.record_id)
        if before is None or before.effective_from < record.effective_from:
            newest[record.record_id] = record
    for record in newest.values():
        for part in record.parameters.get("of", ()):
            if part not in newest or newest[part].kind == COMBINED:
                raise ModelError("of", f"scenario {record.record_id}: {part} cannot be combined")
    return tuple(newest.values())


def unknown_names(
    records: Iterable[ScenarioRecord], parameters: Iterable[str], known: Container[str]
) -> list[tuple[str, str, str]]:
    """Unknown names in ASSET_PARAMETERS or FACILITY_PARAMETERS: (record, parameter, name).

    A scenario on an unknown asset type or facility would silently have no effect.
    """
    return [
        (record.record_id, parameter, name)
        for record in records
        for parameter in parameters
        for name in record.parameters.get(parameter, ())
        if name not in known
    ]


def analysis(records: Iterable[ScenarioRecord], kind: str) -> ScenarioRecord | None:
    """The record of an analysis kind, or None if the analysis is not run.

    Raises ModelError if two are in force.
    """
    of_kind = [record for record in records if record.kind == kind]
    if len(of_kind) > 1:
        names = " and ".join(record.record_id for record in of_kind[:2])
        raise ModelError("kind", f"scenarios {names} are both of the kind {kind}")
    return of_kind[0] if of_kind else None
