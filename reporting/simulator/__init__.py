"""The independent venue: a whole simulated exchange, or a clearing book on a real tape.

The front is ``api``. This package shares only the stream contract with the system
under test; every number of the venue is computed here by separate plain code, so that
the two can be compared.

``products``, ``universe``, ``prices``, ``trading``, ``trade_lines``, ``venue_run``  form (a)
``tape``, ``tape_structure``, ``tape_run``  form (b): reading a real tape and re-packing it
``roster``, ``listing``, ``book``, ``margin``, ``collateral``  the clearing house's own figures
``figures``, ``injection``  the reported figures, with the injected errors
``clearing``, ``clearing_files``, ``drop``, ``text``, ``clock``  one clearing day and its files
"""
