"""Settings of an installation and the folders under its home (docs/operations.md).

A command-line option overrides the environment. The environment overrides the default.
"""

import os
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from reporting.errors import UserError

ROOT = Path(__file__).resolve().parents[1]
"""The checkout, which holds ``sql/``, ``templates/`` and ``data_checks/``."""

DEFAULT_HOME = Path("build/home")
DEFAULT_INPUT = Path("build/in")


@dataclass(frozen=True)
class Settings:
    """Settings of one installation.

    ``home`` holds everything that the system writes. ``input`` is the drop folder.
    ``catalog``: empty for the SQLite catalog inside ``home``, or a PostgreSQL connection string
    in DuckLake's form (``postgres:dbname=... host=...``).
    ``cut_off``: the New York time, on the day after the business date, at which a file that has
    not come is missing.
    ``replica_draws``: the most states times scenarios that the daily check of margin against the
    second implementation draws. It draws 50,000 to 100,000 a second.
    """

    home: Path = DEFAULT_HOME
    input: Path = DEFAULT_INPUT
    catalog: str = ""
    author: str = "reporting"
    threads: int = 0
    memory_limit: str = "2GB"
    cut_off: time = time(6, 0)
    replica_draws: int = 100_000
    alert_webhook: str = ""
    alert_email: str = ""
    smtp: str = "127.0.0.1:25"
    environment: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def store(self) -> Path:
        """Every input file, under its hash."""
        return self.home / "store"

    @property
    def lake_data(self) -> Path:
        """Parquet files of the lake."""
        return self.home / "lake" / "data"

    @property
    def lake_catalog(self) -> Path:
        """The SQLite catalog of the lake, where ``catalog`` is empty."""
        return self.home / "lake" / "catalog.sqlite"

    @property
    def runs(self) -> Path:
        """Run records, one folder a business date."""
        return self.home / "runs"

    @property
    def packs(self) -> Path:
        """PDF packs, one folder a business date."""
        return self.home / "packs"

    @property
    def scenarios(self) -> Path:
        """Published scenario sets."""
        return self.home / "scenarios"

    @property
    def staging(self) -> Path:
        """Unpacked copies of gzip files while a date is landed."""
        return self.home / "staging"

    @property
    def dagster_home(self) -> Path:
        """Configuration and history of the desk."""
        return self.home / "dagster"


def from_environment(home: Path | None = None, input: Path | None = None) -> Settings:
    """Settings from the ``REPORTING_*`` variables; the arguments override two of them."""
    env = {key: value for key, value in os.environ.items() if key.startswith("REPORTING_")}
    return Settings(
        home=(home or Path(env.get("REPORTING_HOME", DEFAULT_HOME))).resolve(),
        input=(input or Path(env.get("REPORTING_INPUT", DEFAULT_INPUT))).resolve(),
        catalog=env.get("REPORTING_CATALOG", ""),
        author=env.get("REPORTING_AUTHOR", "reporting"),
        threads=_whole(env, "REPORTING_THREADS", 0),
        memory_limit=env.get("REPORTING_MEMORY_LIMIT", "2GB"),
        cut_off=_clock_time(env, "REPORTING_CUT_OFF", time(6, 0)),
        replica_draws=_whole(env, "REPORTING_REPLICA_DRAWS", 100_000),
        alert_webhook=env.get("REPORTING_ALERT_WEBHOOK", ""),
        alert_email=env.get("REPORTING_ALERT_EMAIL", ""),
        smtp=env.get("REPORTING_SMTP", "127.0.0.1:25"),
        environment=env,
    )


def _whole(env: dict[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if text is None:
        return default
    if not text.isdecimal():
        raise UserError(f"{name}={text!r} is not a whole number; unset it or give one, e.g. 2")
    return int(text)


def _clock_time(env: dict[str, str], name: str, default: time) -> time:
    text = env.get(name)
    if text is None:
        return default
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise UserError(f"{name}={text!r} is not a time; write it as HH:MM, e.g. 06:00") from None
