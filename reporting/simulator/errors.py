"""What goes wrong with a simulation request, as one line for the user."""


class SimulationError(ValueError):
    """The simulation cannot be made; the message says what, where and the cure."""
