"""The front of the calculators: names, schemas, worked examples, and running one.

The command line and the tests use this module only.
"""

import hashlib
from importlib import import_module
from pathlib import Path
from types import ModuleType

from reporting.calculators import documents
from reporting.calculators.errors import CalculatorError

__all__ = ["NAMES", "CalculatorError", "example", "render", "run", "schema"]

NAMES = (
    "worst-case",
    "margin",
    "variation-margin",
    "fees",
    "haircut",
    "waterfall",
    "backtest",
    "shortfall-backtest",
    "clearing-vector",
    "cascade",
    "cover",
)
"""The calculators, in the order of the documentation."""
_EXAMPLES = Path(__file__).with_name("examples")


def run(name: str, text: bytes | str) -> dict:
    """The answer of one calculator to one JSON document.

    text: the input as received; pass bytes so that ``input_sha256`` is the hash of exactly
    these bytes (a str counts as UTF-8). Numbers in the answer are int or Decimal, exact;
    ``render`` writes them. Raises CalculatorError with one line that names the invalid field.
    """
    calculator = _calculator(name)
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    document = documents.read(data, calculator.SCHEMA)
    return {
        "calculator": name,
        "version": calculator.VERSION,
        "input_sha256": hashlib.sha256(data).hexdigest(),
        **calculator.calculate(document),
    }


def render(answer: dict) -> str:
    """An answer as JSON text; decimals are JSON numbers with all their digits."""
    return documents.write(answer) + "\n"


def schema(name: str) -> dict:
    """JSON Schema (2020-12) of a calculator's input."""
    return _calculator(name).SCHEMA


def example(name: str) -> str:
    """A worked example of the input, as JSON text; docs/calculators.md has its answer."""
    _calculator(name)
    return (_EXAMPLES / f"{name}.json").read_text(encoding="utf-8")


def _calculator(name: str) -> ModuleType:
    if name not in NAMES:
        raise CalculatorError("NAME", f"{name!r} is not one of {', '.join(NAMES)}")
    # Import the requested one only: some need libraries that take a second to import.
    return import_module(f"reporting.calculators.{name.replace('-', '_')}")
