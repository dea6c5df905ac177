"""A finding: one breach of one rule.

Severity, owner and explanation are in the rulebook (``data_checks/rulebook``) under the rule id.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One finding.

    ``subject`` names the file, account or market. ``detail`` states what is wrong with it.
    ``file_sha256`` and ``line`` point to the input, if there is one.
    """

    rule_id: str
    subject: str
    detail: str
    file_sha256: str = ""
    line: int | None = None
