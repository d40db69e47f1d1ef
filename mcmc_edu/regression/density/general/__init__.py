"""The general density: forward over terms, likelihood, backward over terms."""
