"""Every table of the lake as an asset, every rule as a check: one file per stage, in flow order.

What the stages share is in ``stage``; what a table means is in its declaration
(``reporting/engine/tables.py``) and not repeated here.
"""

from reporting.desk.assets.disclose import DISCLOSE
from reporting.desk.assets.land import LAND
from reporting.desk.assets.recompute import RECOMPUTE
from reporting.desk.assets.stress import STRESS
from reporting.desk.assets.validate import VALIDATE

ALL_ASSETS = [LAND, VALIDATE, RECOMPUTE, STRESS, DISCLOSE]
"""One definition per stage, in flow order."""
