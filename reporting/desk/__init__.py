"""The daily desk in Dagster: thin, one file per Dagster noun, no business rule.

``assets``     every table of the lake, made stage by stage; rules as asset checks
``metadata``   what the UI shows of a table, a check and a materialised day
``partitions`` business dates
``jobs``, ``schedules``, ``sensors``, ``resources``
``host``       the instance in the home folder; runs, reports and servers
"""
