"""The input form of calculator ``margin``: its JSON Schema and a worked example."""

from reporting.calculators.numbers import NUMBER_SCHEMA
from reporting.model.events import terms as t

STRUCTURES = (t.BINARY, t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE, t.LADDER, t.K_OF_N, t.MATRIX)

_ID = {"type": "string", "minLength": 1, "maxLength": 200}
_ROW = {"anyOf": [{"type": "integer", "minimum": 0}, _ID]}
_ROWS = {
    "anyOf": [
        {"type": "array", "items": {"type": "array"}},
        {"type": "object", "additionalProperties": {"type": "array"}},
    ]
}


def _number(words: str) -> dict:
    return {**NUMBER_SCHEMA, "description": words}


SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "margin: initial margin of accounts from given scenarios",
    "type": "object",
    "required": ["alpha", "liquidation_days", "core_floor", "events", "scenarios", "accounts"],
    "additionalProperties": False,
    "properties": {
        "alpha": _number("confidence of expected shortfall, for example 0.99"),
        "liquidation_days": _number("liquidation period in days"),
        "core_floor": _number("least share of the worst case that the core may be"),
        "events": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": [
                    "id",
                    "structure",
                    "probabilities",
                    "sigma",
                    "rho",
                    "group",
                    "jump_probability",
                    "ramp",
                    "cluster",
                    "jump",
                ],
                "additionalProperties": False,
                "properties": {
                    "id": _ID,
                    "structure": {"enum": list(STRUCTURES)},
                    "probabilities": {
                        "type": "array",
                        "minItems": 1,
                        "items": NUMBER_SCHEMA,
                        "description": "one per state, in the order of worst-case; their sum is 1",
                    },
                    "k": {"type": "integer", "description": "winners, for k_of_n only"},
                    "payoffs": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "array", "minItems": 1, "items": NUMBER_SCHEMA},
                        "description": "contracts x states, for matrix only",
                    },
                    "sigma": _number("daily volatility of log-odds"),
                    "rho": _number("correlation with the group, 0 to 1"),
                    "group": {**_ROW, "description": "row of F and FJ, or its name"},
                    "liquidation_days": _number("those of the document if not given"),
                    "jump_probability": {
                        "anyOf": [
                            NUMBER_SCHEMA,
                            {"type": "array", "minItems": 1, "items": NUMBER_SCHEMA},
                        ],
                        "description": "chance to resolve in the liquidation period, one number"
                        " or one per scenario",
                    },
                    "ramp": _number("weight of full collateral, 0 to 1"),
                    "cluster": {**_ROW, "description": "row of U, or its name"},
                    "jump": {"type": "boolean", "description": "counts in jump to resolution"},
                    "kappa": _number("share of W in jump to resolution, 1 if not given"),
                },
            },
        },
        "scenarios": {
            "type": "object",
            "required": ["F", "FJ", "U", "eps", "xi"],
            "additionalProperties": False,
            "properties": {
                "F": {**_ROWS, "description": "group factors, groups x S"},
                "FJ": {**_ROWS, "description": "group factors of jumps, groups x S"},
                "U": {**_ROWS, "description": "uniform draws, clusters x S"},
                "eps": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": {"type": "array"}},
                    "description": "by event: states x S",
                },
                "xi": {
                    "type": "object",
                    "additionalProperties": {"type": "array"},
                    "description": "by event: S",
                },
            },
        },
        "accounts": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "positions"],
                "additionalProperties": False,
                "properties": {
                    "id": _ID,
                    "positions": {
                        "type": "object",
                        "additionalProperties": {"type": "array", "items": NUMBER_SCHEMA},
                        "description": "by event: net YES contracts, one per contract",
                    },
                    "add_on": _number("liquidity and concentration, added to the core"),
                },
            },
        },
    },
}
EXAMPLE = {
    "alpha": "0.75",
    "liquidation_days": 1,
    "core_floor": "0.1",
    "events": [
        {
            "id": "rate-decision",
            "structure": "exclusive_exhaustive",
            "probabilities": ["0.25", "0.6", "0.15"],
            "sigma": "0.5",
            "rho": "0.3",
            "group": 0,
            "jump_probability": "0.2",
            "ramp": 0,
            "cluster": 0,
            "jump": True,
        },
        {
            "id": "rain",
            "structure": "binary",
            "probabilities": ["0.4", "0.6"],
            "sigma": 1,
            "rho": 0,
            "group": 0,
            "jump_probability": 1,
            "ramp": "0.5",
            "cluster": 1,
            "jump": True,
        },
    ],
    "scenarios": {
        "F": [[0, 1, -1, 2]],
        "FJ": [[0, 1, -1, 2]],
        "U": [[0.5, 0.1, 0.9, 0.3], [0.2, 0.4, 0.6, 0.8]],
        "eps": {
            "rate-decision": [[0, 1, -1, 0], [0, 0, 1, -1], [0, -1, 0, 1]],
            "rain": [[0, 0, 0, 0], [0, 0, 0, 0]],
        },
        "xi": {"rate-decision": [0, -1, 1, 0], "rain": [-1, 1, -1, 1]},
    },
    "accounts": [
        {"id": "A", "positions": {"rate-decision": [100, -50, 0], "rain": [40]}},
        {"id": "B", "positions": {"rain": [-40]}, "add_on": 2},
    ],
}
