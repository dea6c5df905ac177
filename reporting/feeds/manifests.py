"""Reading a manifest from an untrusted sender: strict JSON, exact types, bounded numbers."""

import json
import re
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime

from reporting.contract.manifest import VERSION, Manifest
from reporting.contract.streams import CYCLES, PATTERNS

_LARGEST = 10**15
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TIME = re.compile(PATTERNS["time"], re.ASCII)
TOTAL = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,12})?", re.ASCII)
_FIELDS = {field.name: field for field in fields(Manifest)}
_REQUIRED = {
    name
    for name, field in _FIELDS.items()
    if field.default is MISSING and field.default_factory is MISSING
}


class BadManifest(Exception):
    """The manifest is unusable. The message names the field and the reason."""


def parse(content: bytes) -> Manifest:
    """The manifest in ``content``. Raises BadManifest, whose message repeats no content."""
    try:
        data = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_no_repeats, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        raise BadManifest(f"is not JSON: {error}") from error
    except (ValueError, RecursionError) as error:  # not UTF-8, or far too many digits or levels
        raise BadManifest("is not JSON that can be read") from error
    if not isinstance(data, dict):
        raise BadManifest("is not a JSON object")
    if missing := sorted(_REQUIRED - data.keys()):
        raise BadManifest(f"lacks the field {missing[0]}")
    if data.keys() - _FIELDS.keys():
        raise BadManifest("has a field that the contract does not know")
    for name in _FIELDS.keys() & data.keys():
        _check(name, data[name])
    if data.get("manifest_version", VERSION) != VERSION:
        raise BadManifest(f"manifest_version is not {VERSION}")
    return Manifest(**data)


def as_of_utc(manifest: Manifest) -> datetime:
    """The as-of time of a parsed manifest, in UTC, to the microsecond."""
    return datetime.fromisoformat(manifest.as_of).astimezone(UTC)


def _no_repeats(pairs: list[tuple[str, object]]) -> dict:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BadManifest("has a key twice")
    return result


def _no_constant(constant: str) -> None:
    raise BadManifest(f"holds {constant}, which is not JSON")


def _check(name: str, value: object) -> None:
    kind = _FIELDS[name].type
    if kind is int:
        good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST
    elif kind is bool:
        good = isinstance(value, bool)
    elif kind is str:
        good = isinstance(value, str) and 0 < len(value) <= 300 and value.isprintable()
    else:
        good = isinstance(value, dict) and all(map(_is_total, value.values()))
    if good and name == "sha256":
        good = _SHA256.fullmatch(value) is not None
    if good and name == "business_date":
        good = _is_date(value)
    if good and name == "as_of":
        good = _is_time(value)
    if good and name == "cycle":
        good = value in CYCLES
    if not good:
        raise BadManifest(f"the field {name} has a wrong type or value")


def _is_total(value: object) -> bool:
    return isinstance(value, str) and TOTAL.fullmatch(value) is not None


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_time(value: str) -> bool:
    if not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True
