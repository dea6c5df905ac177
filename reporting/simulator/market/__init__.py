"""The simulated market: what is listed, how it is priced, who trades."""
