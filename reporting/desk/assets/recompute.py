"""Stage recompute: positions, marks, cash and margin from the trades, and where the venue differs.

Assets: the ledgers and comparisons are SELECTs of ``sql/recompute/``; contract terms, state
probabilities, margin and its breaks come from the model (``reporting/stages/recompute/stage.py``);
``recompute.findings``. Next: stress.
"""

from reporting.desk.assets.stage import stage_assets

RECOMPUTE = stage_assets("recompute", after="validate")
