"""A finding: something that a person should know about, as a value.

The severity, the owner and the words for the reader stand in the rulebook
(``data_checks/rulebook``) under the rule id, never here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One finding.

    ``subject`` says what it is about (a file, an account, a market), ``detail`` what was
    seen. ``file_sha256`` and ``line`` point to the input, where there is one.
    """

    rule_id: str
    subject: str
    detail: str
    file_sha256: str = ""
    line: int | None = None
