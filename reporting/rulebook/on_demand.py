"""Modules that are imported when something in them is used, and not before.

For libraries that import more than a command needs. A library of the package's own is
imported where it is used instead.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


class _OnDemand(ModuleType):
    """Stands for a module; what is asked of it is asked of the module."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # the import system looks at these
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def on_demand(*names: str) -> Iterator[None]:
    """What is imported inside gets a stand-in for these modules, unless they are there already.

    Afterwards the modules are imported as usual; those who have a stand-in keep it.
    """
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update({name: _OnDemand(name) for name in absent})
    try:
        yield
    finally:
        for name in absent:
            if isinstance(sys.modules.get(name), _OnDemand):
                del sys.modules[name]
