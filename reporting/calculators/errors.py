"""The error that every calculator raises."""

_LONGEST = 300


class CalculatorError(ValueError):
    """A calculator refuses an input. ``field`` is the path of the invalid field.

    The text is always one line, whatever the field names in the input.
    """

    def __init__(self, field: str, message: str):
        super().__init__(_one_line(f"{field}: {message}"))
        self.field = field
        self.message = message


def _one_line(text: str) -> str:
    """Escape non-printing characters and truncate long text."""
    signs = [sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:_LONGEST]]
    return "".join(signs) + ("..." if len(text) > _LONGEST else "")
