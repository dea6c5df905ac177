"""The one error of the model."""


class ModelError(ValueError):
    """An input the model refuses. ``field`` names the input at fault."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
