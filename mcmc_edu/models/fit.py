"""`Fit`: what comes of a model and its data, with the verbs that users of lme4 and brms know."""

from __future__ import annotations

from .fitted import Fitted
from .verbs import arviz, checks, coefficients, extend, hypothesis, saving, summaries
from .verbs.conditional import effects
from .verbs.effect import effect, poststratify
from .verbs.loo import loo
from .verbs.prediction import draws, predictions


class Fit(Fitted):
    """Draws from the posterior of a model.

    Attributes
    ----------
    model
        What was fitted.
    draws
        The draws, by name in the units of the data: common coefficients as they are called in the
        formula, ``sd(g: x)``, ``cor(g: x, z)``, effects ``b(g: x)`` (chain, draw, level), of which
        ``b(g: x)[level]`` is that of a level by its name, and the family's own parameters.
    """

    summary = summaries.summary
    remarks = summaries.remarks
    matrix = summaries.matrix
    prior_summary = coefficients.prior_summary

    fixef = coefficients.fixef
    ranef = coefficients.ranef
    coef = coefficients.coef
    varcorr = coefficients.varcorr
    hypothesis = hypothesis.hypothesis
    conditional_effects = effects.conditional_effects
    effect = effect.effect
    poststratify = poststratify.poststratify

    linpred = draws.linpred
    epred = draws.epred
    predict = draws.predict
    predictions = predictions.predictions

    residuals = checks.residuals
    pp_check = checks.pp_check
    log_lik = draws.log_lik
    loo = loo.loo

    extend = extend.extend
    to_arviz = arviz.to_arviz
    save = saving.save
