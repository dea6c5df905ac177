"""What the assets need from outside: the settings of this installation."""

import dagster as dg

from reporting.settings import Settings, from_environment


class Installation(dg.ConfigurableResource):
    """Settings from the environment; ``with_packs`` leaves the PDFs out when false."""

    with_packs: bool = True

    def settings(self) -> Settings:
        return from_environment()
