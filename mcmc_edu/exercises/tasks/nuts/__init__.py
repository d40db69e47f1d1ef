"""Exercise: the No-U-Turn sampler."""
