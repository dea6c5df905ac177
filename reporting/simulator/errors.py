"""The error of a simulation request that cannot be served."""


class SimulationError(ValueError):
    """The request cannot be simulated; one line says what is wrong, where, and the remedy."""
