"""What margin takes from the market: policies of marks, and volatility pools."""
