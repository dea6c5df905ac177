"""Stage disclose: the figures of the packs, and the packs themselves.

Assets: one table of figures per SELECT of ``sql/disclose/``; ``disclose.pack_files``, the
PDFs that were rendered from them (``reporting/stages/disclose/stage.py``), empty in a run
without packs; ``disclose.findings``. The last stage.
"""

from reporting.desk.assets.stage import stage_assets

DISCLOSE = stage_assets("disclose", after="stress")
