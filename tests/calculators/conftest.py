"""Property tests: no deadline per example, because the machine may be shared."""

from hypothesis import settings

settings.register_profile("calculators", deadline=None, max_examples=60)
settings.load_profile("calculators")
