"""The ``reporting`` command: one file a command, and no business rule."""
