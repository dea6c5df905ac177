"""The error that every function of the model raises."""


class ModelError(ValueError):
    """The model refuses an input. ``field`` names the input at fault."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
