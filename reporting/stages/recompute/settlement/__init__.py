"""Settlement: what the clearing house paid, against the outcomes that the terms allow."""
