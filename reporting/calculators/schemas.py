"""Building blocks of the input schemas: JSON Schema (2020-12) in which every object is closed."""

NUMBER = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?[0-9.eE+-]+$"}],
    "description": "a JSON number or a decimal string",
}
"""Schema of every number field."""
ID = {"type": "string", "minLength": 1, "maxLength": 200}
BOOLEAN, INTEGER = {"type": "boolean"}, {"type": "integer"}


def input_schema(title: str, properties: dict, optional: str = "") -> dict:
    """Schema of a whole input; ``optional`` names the fields that may be absent."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **record(properties, optional),
    }


def record(properties: dict, optional: str = "") -> dict:
    """An object with these fields and no others."""
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional.split()],
        "additionalProperties": False,
        "properties": properties,
    }


def mapping(values: dict) -> dict:
    """An object keyed by names of the document."""
    return {"type": "object", "additionalProperties": values}


def array(items: dict, min_items: int = 0) -> dict:
    """A list; ``min_items`` 1 refuses an empty one."""
    return {"type": "array", **({"minItems": min_items} if min_items else {}), "items": items}


def described(schema: dict, words: str) -> dict:
    """The schema with a description for the reader."""
    return {**schema, "description": words}


def number(words: str) -> dict:
    """A number with a description."""
    return described(NUMBER, words)
