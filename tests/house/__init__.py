"""Checks of the house itself: rooms, imports, and that new words change no figure."""
