"""Portfolios of accounts: positions, market, worst cases, scenario set, and one valuation."""
