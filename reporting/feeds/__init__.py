"""From the drop folder to rows of text: fetching, landing and loading.

Other packages use ``reporting.feeds.api`` only. What a file must look like is in
``reporting.contract``; casting and checking of meaning is the validate stage.
"""
