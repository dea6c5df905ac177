"""Fetching, landing and loading: from the drop folder to rows of text.

Other packages use ``reporting.feeds.api`` only. ``reporting.contract`` defines the files; the
validate stage casts the text and checks what it means.
"""
