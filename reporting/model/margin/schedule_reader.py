"""Reader of the parameters of one schedule version: types, bounds, and the errors that name them.

Belongs here: how a value is read. Which parameters there are is in ``schedule``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from math import sqrt

from reporting.model.errors import ModelError
from reporting.units import BPS

LEGAL_CLASSES = ("future", "option", "swap")
_DEFAULT = "default"
_MAX_LIQUIDATION_DAYS = 365
_LENGTH_TOLERANCE = 1e-3
_CONSULTATION = ("committee", "date", "decision")


class ScheduleReader:
    """Reads and checks the parameters of one version. Every method raises ModelError."""

    def __init__(self, version: str, parameters: object) -> None:
        self._version = version
        if not isinstance(parameters, dict):
            raise self.fault("parameters", "must be an object")
        self._parameters = parameters

    def fault(self, name: str, words: str) -> ModelError:
        """The error that names version and parameter."""
        return ModelError(name, f"schedule {self._version}: {words}")

    def given(self, name: str) -> object:
        """The value as it stands; None if there is none."""
        return self._parameters.get(name)

    def all_known(self, known: set[str], optional: set[str]) -> None:
        """Refuse missing and unknown parameters."""
        for name in sorted(known - set(self._parameters) - optional):
            raise self.fault(name, "is missing")
        for name in sorted(set(self._parameters) - known):
            raise self.fault(name, "is not a known parameter")

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number within bounds."""
        return self.as_whole(name, self._parameters[name], low, high)

    def share(self, name: str) -> int:
        """Basis points from 0 to 10,000."""
        return self.whole(name, 0, BPS)

    def haircuts(self, name: str) -> dict[str, int]:
        """Shares by asset type, at least one."""
        entries = self._object(name)
        if not entries:
            raise self.fault(name, "must name each asset type")
        return {asset: self.as_share(f"{name}.{asset}", bps) for asset, bps in entries.items()}

    def days_by_class(self, name: str) -> dict[str, int]:
        """Liquidation days of each legal class."""
        entries = self._object(name)
        if set(entries) != set(LEGAL_CLASSES):
            raise self.fault(name, f"must name {', '.join(LEGAL_CLASSES)} and nothing else")
        return {
            legal_class: self.as_whole(f"{name}.{legal_class}", days, 1, _MAX_LIQUIDATION_DAYS)
            for legal_class, days in entries.items()
        }

    def names(self, name: str) -> dict[str, str]:
        """Names by key; empty if the parameter is absent."""
        return {
            key: self._text(f"{name}.{key}", value) for key, value in self._object(name).items()
        }

    def names_by_key(self, name: str) -> dict[str, tuple[str, ...]]:
        """Lists of names by key; empty if the parameter is absent."""
        return {
            key: self.as_texts(f"{name}.{key}", values)
            for key, values in self._object(name).items()
        }

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        return self.as_texts(name, self._parameters[name])

    def by_category(self, name: str, read: Callable[[str, object], object]) -> dict:
        """One value per category, with a default."""
        entries = self._object(name)
        if _DEFAULT not in entries:
            raise self.fault(name, f'must have a value for "{_DEFAULT}"')
        return {category: read(f"{name}.{category}", value) for category, value in entries.items()}

    def signs(self, name: str) -> dict[str, int]:
        """1 or -1 by series; empty if the parameter is absent."""
        entries = self._object(name)
        for series, sign in entries.items():
            if isinstance(sign, bool) or sign not in (1, -1):
                raise self.fault(f"{name}.{series}", "must be 1 or -1")
        return entries

    def loadings(self, name: str) -> dict[str, Mapping[str, float]]:
        """Loadings by event and signal, scaled to length 1; empty if the parameter is absent.

        Given in basis points, so that their length can only be near 1.
        """
        scaled = {}
        for event in self._object(name):
            at = f"{name}.{event}"
            entries = self._parameters[name][event]
            if not isinstance(entries, dict):
                raise self.fault(at, "must be an object")
            loadings = {
                signal: self.as_whole(f"{at}.{signal}", value, -BPS, BPS) / BPS
                for signal, value in sorted(entries.items())
            }
            square = sum(loading * loading for loading in loadings.values())
            if abs(square - 1) > _LENGTH_TOLERANCE:
                raise self.fault(at, f"its length must be 1, not {sqrt(square):.4f}")
            scaled[event] = {signal: value / sqrt(square) for signal, value in loadings.items()}
        return scaled

    def consultation(self) -> dict[str, str]:
        """The recorded consultation of the risk management committee; empty if there is none."""
        entries = self._object("consultation")
        if entries and set(entries) != set(_CONSULTATION):
            raise self.fault("consultation", f"must give {', '.join(_CONSULTATION)}")
        record = {key: self._text(f"consultation.{key}", entries[key]) for key in entries}
        if record:
            try:
                date.fromisoformat(record["date"])
            except ValueError:
                raise self.fault("consultation.date", "must be a date, YYYY-MM-DD") from None
        return record

    def within(self, low: int, high: int) -> Callable[[str, object], int]:
        """A reader of whole numbers within bounds, for ``by_category``."""

        def read(name: str, value: object) -> int:
            return self.as_whole(name, value, low, high)

        return read

    def as_legal_class(self, name: str, value: object) -> str:
        """A legal class."""
        if value not in LEGAL_CLASSES:
            raise self.fault(name, f"must be one of {', '.join(LEGAL_CLASSES)}")
        return value

    def as_share(self, name: str, value: object) -> int:
        """Basis points from 0 to 10,000."""
        return self.as_whole(name, value, 0, BPS)

    def as_whole(self, name: str, value: object, low: int, high: int) -> int:
        """A whole number within bounds."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault(name, "must be a whole number")
        if not low <= value <= high:
            raise self.fault(name, f"must lie between {low} and {high}")
        return value

    def as_record(self, name: str, value: object, keys: set[str]) -> dict:
        """An object with exactly these keys."""
        if not isinstance(value, dict) or set(value) != keys:
            raise self.fault(name, f"must give {', '.join(sorted(keys))} and nothing else")
        return value

    def _object(self, name: str) -> dict:
        value = self._parameters.get(name, {})
        if not isinstance(value, dict):
            raise self.fault(name, "must be an object")
        return dict(sorted(value.items()))

    def as_texts(self, name: str, values: object) -> tuple[str, ...]:
        """A list of texts."""
        if not isinstance(values, list):
            raise self.fault(name, "must be a list")
        return tuple(self._text(f"{name}[{i}]", value) for i, value in enumerate(values))

    def _text(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self.fault(name, "must be non-empty text")
        return value
