"""What each stage does, in flow order, without Dagster.

``tables``   every table of the lake: where it comes from and what it reads
``engine``   make the tables of one stage and date, check them, commit once
``land`` ... ``disclose``  one module per stage: what is not plain SQL
``run``      a whole day, or many
"""
