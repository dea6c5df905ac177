"""The simulated clearing house: books, collateral, calls, and the files that it sends."""
