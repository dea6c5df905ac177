"""Statistics of the market over many dates: dependence, trends, changes.

Pure: series in, numbers out. Which dates go in is the pipeline's part. Source:
stress-default-backtest.md, market metrics.
"""
