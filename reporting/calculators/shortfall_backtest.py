"""Calculator ``shortfall-backtest``: Acerbi and Székely's Z2 with simulated critical values.

Uses the functions of the model. Answer and method: docs/calculators.md; meaning, references
and limits: docs/backtests.md.
"""

from dataclasses import asdict
from fractions import Fraction

import numpy as np

from reporting.calculators.errors import CalculatorError, model_errors_named
from reporting.calculators.numbers import (
    common_decimals,
    decimal_of,
    exact,
    exact_list,
    scaled,
    whole,
)
from reporting.calculators.schemas import NUMBER, array, described, input_schema, number
from reporting.model.backtest.expected_shortfall import (
    LAWS,
    STUDENT_T,
    Predictions,
    critical_value,
    shortfall_test,
    tail_law,
)
from reporting.model.backtest.verdicts import significance

VERSION = "1.0"

_MAX_DRAWS = 1_000_000_000
_USUAL_CONFIDENCE = "0.95"
_SIGNIFICANCES = {"0.05": 0.05, "0.0001": 0.0001}
"""Significance levels of the paper: yellow and red."""


_SERIES = array(NUMBER, 1)
SCHEMA = input_schema(
    "shortfall-backtest: Z2 of expected shortfall, with simulated critical values",
    {
        "level": number("of both predictions, for example 0.975"),
        "returns": described(_SERIES, "one per observation, a loss below 0"),
        "expected_shortfall": described(_SERIES, "predicted, one per observation, above 0"),
        "value_at_risk": described(_SERIES, "predicted, at most the expected shortfall"),
        "distribution": described({"enum": list(LAWS)}, "of returns, if predictions are right"),
        "degrees_of_freedom": number(f"above 1; {STUDENT_T} only"),
        "seed": number("a whole number, not below 0"),
        "trials": number("simulated histories; trials x observations at most 10^9"),
        "confidence": number(f"{_USUAL_CONFIDENCE} if not given"),
    },
    optional="degrees_of_freedom confidence",
)


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    level = Fraction(exact(document["level"], "level"))
    confidence = Fraction(exact(document.get("confidence", _USUAL_CONFIDENCE), "confidence"))
    freedom = document.get("degrees_of_freedom")
    if freedom is not None:
        freedom = float(exact(freedom, "degrees_of_freedom"))
    seed, trials = whole(document["seed"], "seed"), whole(document["trials"], "trials")
    if seed < 0:
        raise CalculatorError("seed", "must not be below 0")
    if trials * len(document["returns"]) > _MAX_DRAWS:
        raise CalculatorError("trials", f"times observations must not be above {_MAX_DRAWS}")
    with model_errors_named():
        law = tail_law(document["distribution"], level, freedom)
        predictions = _predictions(document)
        significance(confidence)  # refused before the simulation, which may take seconds
        test = shortfall_test(predictions, law, seed, trials, confidence)
    observations = len(predictions.returns)
    return {
        "observations": observations,
        "breaches": int(predictions.breached.sum()),
        "expected_breaches": decimal_of(observations * (1 - level)),
        "z2": asdict(test.verdict),
        "critical_value": critical_value(test.simulated, significance(confidence)),
        "critical_values": {
            name: critical_value(test.simulated, share) for name, share in _SIGNIFICANCES.items()
        },
    }


def _predictions(document: dict) -> Predictions:
    """The three series as integers of one unit, so that breaches are exact."""
    names = ("returns", "value_at_risk", "expected_shortfall")
    read = {name: exact_list(document[name], name) for name in names}
    decimals = common_decimals(value for values in read.values() for value in values)
    return Predictions(
        **{
            name: np.array([scaled(value, decimals) for value in values], dtype=object)
            for name, values in read.items()
        }
    )
