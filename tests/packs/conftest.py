"""Shared for the tests of packs: the tables of a filled lake, as the child process sees them."""

from pathlib import Path

import pytest
from lake_fixture import DAY
from plausible_venue import filled_lake
from rendering import PROVENANCE, plain

from reporting.packs import api
from reporting.packs.document import fonts, render


@pytest.fixture(scope="session")
def raw_tables() -> dict:
    return filled_lake().disclose(DAY)


@pytest.fixture(scope="session")
def tables(raw_tables) -> dict:
    return plain(raw_tables)


@pytest.fixture(scope="session")
def renderer(tmp_path_factory) -> render.Renderer:
    scratch: Path = tmp_path_factory.mktemp("fonts")
    return render.Renderer(fonts.unpack(fonts.REGULAR, scratch))


@pytest.fixture(scope="session")
def rendered(raw_tables, tmp_path_factory) -> tuple[Path, list[api.PackFile]]:
    """Folder and files of the packs of those tables."""
    out = tmp_path_factory.mktemp("packs")
    return out, api.render_packs(raw_tables, DAY, out, provenance=PROVENANCE)
