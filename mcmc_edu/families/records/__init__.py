"""A file and a record for each family of outcomes; `known_se` is a variant of the Gaussian."""
