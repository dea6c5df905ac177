"""Stage validate: the landed text as typed tables, one row per key.

Assets: one table per SELECT of ``sql/validate/`` and ``validate.findings``, which says what
the rules of ``data_checks/`` found wrong with the data themselves. Next: recompute.
"""

from reporting.desk.assets.stage import stage_assets

VALIDATE = stage_assets("validate", after="land")
