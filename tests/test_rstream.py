"""R's stream, bit for bit: against numbers that R itself wrote (reference/rstream.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from mcmc_edu.rstream import RStream, normal_quantile

REFERENCE = json.loads((Path(__file__).parent / "reference" / "rstream.json").read_text())


def floats(values: list[str]) -> list[float]:
    return [float.fromhex(value) for value in values]


@pytest.mark.parametrize("seed", REFERENCE["seeds"])
def test_every_kind_of_draw_is_bit_equal_to_r(seed: str) -> None:
    expected = REFERENCE["seeds"][seed]
    stream = RStream(int(seed))
    assert stream.rnorm(5).tolist() == floats(expected["rnorm"])
    assert stream.runif(3).tolist() == floats(expected["runif"])
    assert stream.sample(1000)[:5].tolist() == expected["sample_1000"]
    assert stream.sample(70000, 5).tolist() == expected["sample_70000_5"]
    assert stream.sample(7, 6, replace=True).tolist() == expected["sample_7_6_replace"]
    assert stream.rnorm(5, 3, 0.7).tolist() == floats(expected["rnorm_3_0.7"])
    assert stream.rnorm(3, 1, [0, 1, 0]).tolist() == floats(expected["rnorm_sd_0"])
    assert stream.sample(20_000_000, 4).tolist() == expected["sample_2e7_4"]
    assert stream.sample(1).tolist() == [1]
    assert stream.runif(2, -2, 5).tolist() == floats(expected["runif_-2_5"])


def test_a_hundred_thousand_normals_do_not_drift() -> None:
    z = RStream(5).rnorm(100_000)
    assert z[996::997].tolist() == floats(REFERENCE["seed_5_every_997th_of_1e5"])


def test_quantiles_of_every_branch_are_bit_equal_to_r() -> None:
    got = [normal_quantile(p) for p in floats(REFERENCE["p"])]
    assert got == floats(REFERENCE["qnorm"])


def test_the_published_first_normals() -> None:
    """Printed by R for everyone who ever typed these seeds."""
    expected = [-0.6264538107, 0.1836433242, -0.8356286124, 1.5952808021, 0.3295077718]
    np.testing.assert_allclose(RStream(1).rnorm(5), expected, atol=5e-11)
    np.testing.assert_allclose(RStream(42).rnorm(2), [1.370958447, -0.564698171], atol=5e-10)


def test_rows_are_normals_and_a_uniform_in_turn() -> None:
    z, u = RStream(3).rows(4, normals=2)
    one_by_one = RStream(3)
    for t in range(4):
        assert z[t].tolist() == one_by_one.rnorm(2).tolist()
        assert u[t] == one_by_one.runif(1)[0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: RStream(1.5), "seed is 1.5"),
        (lambda: RStream(2**31), "-2147483647 to 2147483647"),
        (lambda: RStream(1).runif(1, 2, 1), "low must not exceed high"),
        (lambda: RStream(1).rnorm(1, np.nan), "mean has the value nan"),
        (lambda: RStream(1).rnorm(1, 0, np.inf), "sd has the value inf"),
        (lambda: RStream(1).sample(0, 3, replace=True), "nothing to draw 3 from"),
        (lambda: RStream(1).sample(5.5, 3), "number of draws is 5.5"),
        (lambda: RStream(1).rnorm(2, 0, -1), "sd has the value -1.0"),
        (lambda: RStream(1).rnorm(2, 0, np.nan), "sd has the value nan"),
        (lambda: RStream(1).runif(-1), "number of draws is -1"),
        (lambda: RStream(1).sample(3, 4), "pass replace=True"),
    ],
)
def test_bad_arguments_are_named(call, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_uniforms_of_no_width_take_nothing_from_the_stream() -> None:
    """As in R: set.seed(1); runif(2, 1, 1); runif(1) ends in 0.2655087."""
    stream = RStream(1)
    assert stream.runif(2, 1, 1).tolist() == [1.0, 1.0]
    assert stream.runif(1)[0] == pytest.approx(0.2655087, abs=5e-8)
