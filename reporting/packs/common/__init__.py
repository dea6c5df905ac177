"""What several packs share: texts, key figures, findings, files, schedule, metrics, windows."""

from collections.abc import Mapping

Tables = Mapping[str, list[dict]]
"""Rows of ``sql/disclose/<name>.sql`` by ``<name>``."""
