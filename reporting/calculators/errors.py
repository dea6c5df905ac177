"""The one error of the calculators."""

_LONGEST = 300


class CalculatorError(ValueError):
    """An input a calculator refuses; ``field`` is the path of the field at fault.

    Its text is one line, whatever the input named its fields.
    """

    def __init__(self, field: str, message: str):
        super().__init__(_one_line(f"{field}: {message}"))
        self.field = field
        self.message = message


def _one_line(text: str) -> str:
    """Signs that do not print are escaped, and a long text is cut."""
    signs = [sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:_LONGEST]]
    return "".join(signs) + ("..." if len(text) > _LONGEST else "")
