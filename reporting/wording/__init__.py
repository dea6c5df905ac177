"""Numbers and sentences as every document prints them."""
