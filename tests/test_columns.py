"""What columns mean by their names: each column of a table that the model makes has a meaning."""

import pytest
import yaml

from reporting.columns import COLUMNS, meaning_of
from reporting.engine.model_tables import MODEL_TABLES
from reporting.engine.tables import all_tables


@pytest.mark.parametrize(
    ("column", "meaning"),
    [
        ("initial_margin_centicents", "initial margin; 1e-4 dollars"),
        # The longest term counts: not "margin", narrowed down by what is no word for it.
        ("maintenance_margin_centicents", "maintenance margin; 1e-4 dollars"),
        (
            "replica_initial_margin_centicents",
            "initial margin, by the second implementation; 1e-4 dollars",
        ),
        ("margined_initial_centicents", "initial margin, of margined positions; 1e-4 dollars"),
        ("account_id", "account"),
        # Nothing is guessed: neither an unknown term nor an unknown word before a known one.
        ("blue_sky", ""),
        ("blue_initial_margin_centicents", ""),
        ("centicents", ""),
    ],
)
def test_a_name_is_read_from_its_end(column, meaning):
    assert meaning_of(column) == meaning


def test_every_column_of_a_model_table_has_a_meaning():
    """Fails when a table is declared with a column that neither it nor the terms explain."""
    silent = {
        f"{table.name}.{column}"
        for table in (all_tables()[model.name] for model in MODEL_TABLES)
        for column in table.columns
        if not table.notes.get(column) and not meaning_of(column)
    }
    assert silent == set()


def test_amounts_and_quantities_say_their_unit():
    for model in MODEL_TABLES:
        for column in model.columns:
            suffix, meaning = column.rpartition("_")[2], meaning_of(column)
            if suffix in ("centicents", "micros"):
                assert meaning.endswith("dollars"), column
            elif suffix in ("qty", "bps"):
                assert "1e-2" in meaning or "basis points" in meaning, column


def test_no_term_is_there_that_no_table_uses():
    """Each term is the meaning of a column, or part of the name of one."""
    terms = yaml.safe_load(COLUMNS.read_text())["terms"]
    names = {column for table in all_tables().values() for column in table.columns}
    used = {
        "_".join(name.split("_")[start:end])
        for name in names
        for start in range(name.count("_") + 1)
        for end in range(start + 1, name.count("_") + 2)
    }
    assert terms.keys() - used == set()
