"""Property tests have no deadline per example: the machine may be shared."""

from hypothesis import settings

settings.register_profile("model", deadline=None)
settings.load_profile("model")
