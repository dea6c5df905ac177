"""Tables of what was disclosed."""

from reporting.engine.model_tables.declaration import ModelTable, typed

TABLES = (
    ModelTable(
        "disclose.pack_files",
        "one row per pack and edition",
        "the PDF packs made for the day, with their hash",
        "disclosure",
        (),
        {
            **typed("VARCHAR", "pack", "edition", "file_name", "sha256"),
            **typed("BIGINT", "bytes", "pages"),
        },
    ),
)
