"""The SELECTs that Python runs on the lake; each is a file under ``sql/``.

Tables are ``sql/<stage>/<table>.sql``. All others are ``sql/<stage>/reads/<name>.sql``,
``sql/engine/<name>.sql`` or ``sql/studies/<study>/<name>.sql``, under the same rules: one SELECT, a
header with grain and meaning, the portable subset.
"""

from functools import cache

from reporting.settings import ROOT


@cache
def load_select(name: str) -> str:
    """Text of ``sql/<name>.sql``, for example ``recompute/reads/cycle_collateral``."""
    return (ROOT / "sql" / f"{name}.sql").read_text(encoding="utf-8")
