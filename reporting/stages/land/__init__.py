"""Land: the drop folder of a date becomes tables of text; nothing is cast."""
