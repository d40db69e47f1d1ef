"""Methods of a fit, one file for each question.

Every verb is a function of a `Fitted`, with its signature and description.  `Fit` takes them into
its class body: ``fit.predict(rows)`` is ``predict(fit, rows)``.
"""
