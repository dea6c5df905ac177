"""Backtests: does margin achieve its target coverage?

Belongs here: statistics of breaches and of margin series, as pure functions on counts and
arrays. The caller selects the portfolios and computes the losses of the static portfolio over
the liquidation period. An observation is a breach if the loss exceeds the margin. Method,
references and limits: docs/backtests.md; source: stress-default-backtest.md, "Backtests".

``evidence``: whether observations allow a verdict. ``deciding``: which books test the model.
``history``: counts and transitions of one series. ``verdicts``: the result of a test.
``kupiec``, ``christoffersen``, ``durations``, ``binomial``, ``traffic_light``: tests of
coverage. ``expected_shortfall``: test of the size of breaches. ``clustered``: interval for
dependent observations. ``coverage``: items of the public disclosure. ``causes``: jump and
diffusion breaches. ``procyclicality``: how fast margin rises. ``pooled``: all tests of counts
summed over books and days. ``series``: all tests of a group of observations.
"""
