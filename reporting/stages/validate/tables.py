"""The tables of stage validate that follow from the contract alone: streams, cast from text.

A stream that needs more than its casts has a SELECT in ``sql/validate/`` instead.
"""

from reporting.contract import STREAMS
from reporting.contract.casts import typed_select
from reporting.engine.declaration import declare
from reporting.engine.tables import select_tables, table_of_select

for _stream in STREAMS.values():
    _name = f"validate.{_stream.name}"
    if _name not in select_tables("validate"):
        declare(table_of_select(_name, typed_select(_stream)))
