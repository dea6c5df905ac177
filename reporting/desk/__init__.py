"""The daily desk in Dagster: thin, one file per Dagster noun, no business rule and no SQL.

``assets``     every table of the lake, one file per stage; rules as asset checks
``metadata``, ``lineage``  what the UI shows for a table, a check and a date
``partitions`` business dates
``jobs``, ``schedules``, ``sensors``, ``resources``
``host``       the instance in the home folder; ``run`` runs a day in it
``report``     shows days that ran outside Dagster; ``failures`` says why a run failed
``notify``     sends a message by webhook or e-mail
``server``     web server and daemon of ``reporting ui``
``event_log``  Dagster's event log in SQLite, made fast
"""
