"""Only extensions that DuckDB's makers have signed are loaded, and checked once a process."""

import shutil
from pathlib import Path

import duckdb
import pytest

from reporting.lake import extensions
from reporting.lake.extensions import connect_with


@pytest.fixture
def sqlite_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of an extension at a place of its own, from which it is loaded."""
    file = tmp_path / "sqlite_scanner.duckdb_extension"
    shutil.copyfile(extensions._file("sqlite"), file)
    monkeypatch.setattr(extensions, "_file", lambda name: file)
    return file


def _tamper(file: Path) -> None:
    """Another byte in the middle; the length and the signature stay."""
    with open(file, "r+b") as content:
        content.seek(file.stat().st_size // 2)
        byte = content.read(1)[0]
        content.seek(-1, 1)
        content.write(bytes([byte ^ 1]))


def test_a_file_that_was_changed_is_refused(sqlite_file: Path) -> None:
    _tamper(sqlite_file)
    with pytest.raises(duckdb.IOException, match="signature"):
        connect_with({}, "sqlite")


def test_a_file_that_was_changed_since_it_was_checked_is_refused(sqlite_file: Path) -> None:
    connect_with({}, "sqlite").close()
    connect_with({}, "sqlite").close()
    other = sqlite_file.with_suffix(".other")
    shutil.copyfile(sqlite_file, other)
    _tamper(other)
    other.replace(sqlite_file)
    with pytest.raises(duckdb.IOException, match="signature"):
        connect_with({}, "sqlite")


def test_no_database_lets_unsigned_extensions_in(sqlite_file: Path) -> None:
    """Neither the first of a process nor a later one, for which no signature is checked."""
    unsigned = sqlite_file.with_name("unsigned.duckdb_extension")
    shutil.copyfile(sqlite_file, unsigned)
    _tamper(unsigned)
    for _ in range(2):
        with connect_with({}, "sqlite") as connection:
            with pytest.raises(duckdb.IOException, match="signature"):
                connection.load_extension(str(unsigned))
            with pytest.raises(duckdb.InvalidInputException, match="allow_unsigned_extensions"):
                connection.execute("SET allow_unsigned_extensions = true")
