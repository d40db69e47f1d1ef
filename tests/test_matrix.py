"""`matrix`: all draws as R's ``as.matrix`` has them."""

import numpy as np
import pytest
from test_verbs import fitted, made_up

import mcmc_edu as me


def test_every_column_is_the_quantity_of_its_name() -> None:
    fit = fitted("y ~ x + (x | g) + (1 | h)")
    made = fit.matrix()
    scalars = ["Intercept", "x", "sigma", "sd(g: Intercept)", "sd(g: x)", "cor(g: Intercept, x)"]
    scalars += ["sd(h: Intercept)"]
    assert made.shape == (len(made), len(made.names)) == (120, len(scalars) + 6 + 6 + 4)
    for name in made.names:
        np.testing.assert_array_equal(made[name], fit.draws[name].reshape(-1), err_msg=name)
    assert set(scalars) < set(made.names)
    assert list(made.names) == list(fit.draws.summary())
    np.testing.assert_array_equal(np.asarray(made), made.array)
    frame = made.to_pandas()
    assert list(frame.columns) == list(made.names)
    np.testing.assert_array_equal(frame.to_numpy(), made.array)


def test_the_lectures_matrix_has_46_columns() -> None:
    """2 common coefficients, 20 people with 2 each, sigma, 2 sds and a correlation."""
    data = me.datasets.simulate_arousal(seed=1).columns
    fit = made_up(me.Model("valence ~ arousal + (arousal | person)", data))
    assert fit.matrix().shape == (120, 46)
    assert fit.matrix().names[:2] == ("Intercept", "arousal")
    assert fit.matrix("sigma", "b(person: arousal)").shape == (120, 21)


def test_draws_without_names_of_quantities() -> None:
    theta = np.arange(24.0).reshape(2, 4, 3)
    draws = me.Draws(theta, ["mu", "a[0]", "a[1]"], {}, {}, {}, {})
    assert draws.matrix().names == ("mu", "a[0]", "a[1]")
    np.testing.assert_array_equal(draws.matrix().array, theta.reshape(8, 3))
    assert draws.matrix("a").names == ("a[0]", "a[1]")


def test_a_name_that_is_not_there() -> None:
    fit = fitted("y ~ x + (1 | g)")
    with pytest.raises(KeyError, match=r"no column 'sigm'; there are sigma"):
        fit.matrix()["sigm"]
    with pytest.raises(KeyError, match="no quantity 'tau'"):
        fit.matrix("tau")
