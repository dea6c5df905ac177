"""What a person asks for or is told; no business date waits for it.

A study reads the lake and writes documents of its own; it never writes to the lake.
"""
