"""Backtests: does the margin that is asked for cover what it promises to cover?

Belongs here: statistics of breaches and of margin series, pure functions on counts and
arrays. Not here: which portfolios are tested and where their losses come from; the losses
are those of the static portfolio over the liquidation period, made by the caller. An
observation is a breach where the loss is above the margin. Method, references and limits:
docs/backtests.md; source: stress-default-backtest.md, "Backtests".

``history`` breaches of one series: counts, transitions · ``verdicts`` what a test answers ·
``kupiec``, ``christoffersen``, ``durations``, ``binomial``, ``traffic_light`` tests of
coverage · ``expected_shortfall`` the test of the size of breaches · ``clustered`` interval
when observations hang together · ``coverage`` items of the public disclosure ·
``causes`` jump and diffusion breaches apart · ``procyclicality`` how fast margin rises ·
``pooled`` all tests of counts that are added up over books and days.
"""
