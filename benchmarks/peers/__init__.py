"""What each peer does with each problem; `python -m peers` runs one of them."""
