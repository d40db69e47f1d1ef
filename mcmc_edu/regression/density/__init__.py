"""The log posterior and its gradient, compiled: theta to a number.

`population` is everything that is not of one level (beta, sigma, tau, T), and uses `covariance`;
`forms` is a term's effects b from theta in three forms, for any number of coefficients and terms;
`general/collapsed` is the fourth form, in which theta holds nothing of b.
`general/` goes forward over the terms, through the likelihood, and backward over the terms; its
`rows` go from levels to rows and back, and `horseshoe` and `thresholds` are two priors it may have.
`lines/` is the same for Gaussian outcomes with one term of at most two coefficients, without rows:
its `sampled` is `forms` and the likelihood in one pass, 2 x 2 (`two_by_two`), and its `collapsed`
is `general/collapsed`, 2 x 2.  Both `posterior` files have functions of the same names in the same
order, and `evaluate` gives either its workspace; `layout` says where theta holds what of a term.
`recover/` goes from theta back to coefficients; `prepare/` makes the data of both.
"""
