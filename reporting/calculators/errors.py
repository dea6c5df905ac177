"""The error that every calculator raises, and the checks that several share."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from reporting.model.errors import ModelError

_LONGEST = 300


class CalculatorError(ValueError):
    """A calculator refuses an input. ``field`` is the path of the invalid field.

    The text is always one line, whatever the field names in the input.
    """

    def __init__(self, field: str, message: str):
        super().__init__(_one_line(f"{field}: {message}"))
        self.field = field
        self.message = message


@contextmanager
def model_errors_named(prefix: str = "") -> Iterator[None]:
    """Raise an error of the model as CalculatorError, its field after ``prefix``."""
    try:
        yield
    except ModelError as error:
        raise CalculatorError(prefix + error.field, error.message) from None


def refuse_repeated_ids(ids: Iterable[str], table: str) -> None:
    """Raise CalculatorError naming the first row whose id another row has already."""
    seen: set[str] = set()
    for i, name in enumerate(ids):
        if name in seen:
            raise CalculatorError(f"{table}[{i}].id", f"{name!r} is named twice")
        seen.add(name)


def _one_line(text: str) -> str:
    """Escape non-printing characters and truncate long text."""
    signs = [sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:_LONGEST]]
    return "".join(signs) + ("..." if len(text) > _LONGEST else "")
