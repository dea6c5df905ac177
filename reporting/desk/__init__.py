"""The daily desk in Dagster: thin, one file per Dagster noun, no business rule.

``assets``     every table of the lake, one file per stage; rules as asset checks
``metadata``, ``lineage``  what the UI shows of a table, a check and a materialised day
``partitions`` business dates
``jobs``, ``schedules``, ``sensors``, ``resources``
``host``       the front: the instance in the home folder, and a day run in it
``report``     shows days that ran outside Dagster; ``failures`` says why a run failed
``server``     web server and daemon of ``reporting ui``
``event_log``  Dagster's event log in SQLite, made fast
"""
