"""The ``reporting`` command: one file per group of subcommands, no business rule."""
