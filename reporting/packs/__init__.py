"""Disclosure packs as PDF.

Reading order: ``api`` (the front) runs ``child`` in a limited ``process``. It builds the document
of each pack (``daily``, ``stress``, ``default``, ``drill_record``: pure functions over rows of
``sql/disclose``, with ``common``) and prints it (``document``: parts, tables, charts, PDF).
"""
