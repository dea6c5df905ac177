"""What a person asks for, and no business date waits for.

A study reads the lake and writes documents of its own; it never writes to the lake.
"""
