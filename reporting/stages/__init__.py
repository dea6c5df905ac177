"""The five stages of a business date, in flow order, without Dagster.

    land -> validate -> recompute -> stress -> disclose

One folder a stage; ``stage.py`` in it is the entry. ``run`` takes a date through all five.
"""

from reporting.engine.declaration import tables_in

tables_in(__name__)
