"""Stage stress: scenarios, what each group loses in them, cover, and one default drill.

Assets: all come from the model (``reporting/stages/stress/stage.py``; the drill of the group
with the worst shortfall from ``reporting/stages/stress/drill.py``); ``stress.findings``.
Next: disclose.
"""

from reporting.desk.assets.stage import stage_assets

STRESS = stage_assets("stress", after="recompute")
