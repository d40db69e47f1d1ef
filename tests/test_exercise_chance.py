"""How programs that draw are examined: levels, odds for a name, laws, exact relations.

Laws and p-values are made up, so that what decides can be computed by hand.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import integrate, stats

from mcmc_edu.exercises.chance.evidence import Evidence, Setting
from mcmc_edu.exercises.chance.examining import Chance
from mcmc_edu.exercises.chance.relations import GAMMA, Relations, draws_of
from mcmc_edu.exercises.grading.finding import Finding, Stop
from mcmc_edu.exercises.grading.student import InProcess, Student
from mcmc_edu.exercises.laws.accept_reject import AcceptReject, FromStart, OneValue, OnlyMoves
from mcmc_edu.exercises.laws.fit import bet_against, combined
from mcmc_edu.exercises.laws.hidden import AroundStart, Believed, LastProposed, ProposalsRecorded
from mcmc_edu.exercises.laws.plane import Plane


@dataclass(frozen=True)
class Said:
    """A law with a given log likelihood of each run, and a given p-value of its uniforms."""

    log: float
    p: float = 0.5

    def logs(self, path):
        return np.full(len(path) - 1, self.log / (len(path) - 1))

    def uniforms(self, path, rng):
        return np.full(len(path) - 1, self.p)


def examined(bugs, p=0.5, function=np.zeros, **changes):
    """Return what is found where bugs are so much likelier than the right law, for each run."""
    laws = {kind: [law] if isinstance(law, Said) else list(law) for kind, law in bugs.items()}
    setting = Setting(
        "words",
        lambda rng, n: [n],
        lambda arguments, value: np.append(0.0, value),
        [Said(0.0, p)],
        laws,
        draws=10,
    )
    changes = {"further": 0, "rounds": 6, "before_a_name": 4} | changes
    changes.setdefault("fit", lambda settings, uniforms: float(uniforms[0][0]))
    rules = Chance(("n",), (setting,), **changes)
    return rules.examine(Student("f", InProcess(function), ("n",), np.ones), 1)


LOST = {"bug": Said(-50.0)}
ONCE = {"rounds": 1, "least": 1}


@pytest.mark.parametrize(
    ("p", "rounds", "least", "passed"),
    [
        (2.9e-6, 1, 1, False),  # 0.3 of 1e-5
        (3.1e-6, 1, 1, True),
        (5.9e-7, 6, 2, False),  # a fifth of it, as five rounds may be the last
        (6.1e-7, 6, 2, True),
        (2.9e-6, 4, 4, False),
    ],
)
def test_the_fit_fails_at_its_share_of_the_level(p, rounds, least, passed):
    found = examined(LOST, p, rounds=rounds, least=least)
    assert found.passed == passed
    assert found.bug is None
    assert found.evidence["p"] == p


@pytest.mark.parametrize(
    ("p", "tests", "passed"),
    [(1.9e-6, 1, False), (2.1e-6, 1, True), (0.9e-6, 2, False), (1.1e-6, 2, True)],
)
def test_what_is_looked_at_closely_fails_at_its_share_of_the_level(p, tests, passed):
    """A fifth of the level, shared by the tests."""
    told = Finding(False, got="what it did")
    fine = [lambda student, rng: ({}, told)] * (tests - 1)
    closely = [*fine, lambda student, rng: ({"one": 0.5, "other": 0.5 * p}, told)]
    found = examined(LOST, 0.7, closely=closely)
    assert found.passed == passed
    assert found.got == ("" if passed else "what it did")
    assert found.evidence["p"] == pytest.approx(1.5 * p, rel=1e-9)  # of three p-values


@pytest.mark.parametrize(("p", "passed"), [(0.9e-6, False), (1.1e-6, True)])
def test_more_draws_fail_at_their_share_of_the_level(p, passed):
    """A tenth of the level; the fit of the first rounds is well."""
    uniforms = iter([0.5, p])

    def fit(settings, uniforms_):
        return next(uniforms)

    assert examined(LOST, further=2, fit=fit).passed == passed


def test_each_unknown_has_a_test_of_its_own():
    """The first of two unknowns is always high, the second always low: together they seem well."""

    @dataclass(frozen=True)
    class Both(Said):
        def uniforms(self, path, rng):
            half = (np.arange(10) + 0.5) / 20
            return np.concatenate([0.5 + half, half])

    setting = Setting(
        "words",
        lambda rng, n: [n],
        lambda arguments, value: np.append(0.0, value),
        [Both(0.0)],
        {"bug": [Said(-50.0)]},
        draws=10,
        unknowns=("one", "other"),
    )
    evidence = Evidence(paths=[(setting, np.zeros(11))])
    uniforms = setting.right[0].uniforms(np.zeros(11), np.random.default_rng(1))
    found = Chance(("n",), (setting,))._fits(evidence, [uniforms])
    assert found["values along: mean"] < 0.05
    assert found["values along"] < 0.05


def test_more_draws_than_the_first_are_seen():
    assert examined(LOST, further=0).evidence["questions"] == 2
    assert examined(LOST, further=3).evidence["questions"] == 5


@pytest.mark.parametrize(("log", "passed"), [(12.3, True), (12.5, False)])
def test_a_bet_fails_at_its_share_of_the_level(log, passed):
    """1 / (0.4 * 1e-5) is e to the 12.43."""
    assert examined({"bug": Said(log)}, **ONCE).passed == passed


@pytest.mark.parametrize(("gap", "named"), [(4.64, True), (4.62, False)])
def test_a_bug_is_named_at_99_to_1(gap, named):
    """Odds are 1 / (exp(-gap) + 0.001 * unknown), 100 and 98."""
    found = examined({"bug": Said(40.0), "other": Said(40.0 - gap)}, **ONCE)
    assert (found.passed, found.bug) == (False, "bug" if named else None)
    assert found.evidence["best"] == "bug"
    fit = (0.5 + 0.5 * math.log(0.5)) / (0.5 * math.log(0.5) ** 2)
    elsewhere = 0.5 * math.exp(-gap)  # the average of the other bug and of the right law
    against = math.exp(-gap) + 1e-3 * 0.5 * (fit + elsewhere)
    assert found.evidence["odds"] == pytest.approx(1.0 / against, rel=1e-9)


@pytest.mark.parametrize(("p", "named"), [(0.0011, True), (0.0010, False)])
def test_a_bug_whose_law_does_not_fit_has_no_name(p, named):
    """Prior odds of unknown are 0.001; half of the bet against p = 0.001 is worth 10.4."""
    found = examined({"bug": Said(40.0, p)}, **ONCE)
    assert (found.passed, found.bug) == (False, "bug" if named else None)
    assert found.evidence["fit of the best"] == p


def test_the_way_that_fits_best_stands_for_a_kind():
    found = examined({"bug": [Said(30.0, 1e-9), Said(50.0, 0.5)], "other": Said(-9.0)}, **ONCE)
    assert (found.bug, found.evidence["fit of the best"]) == ("bug", 0.5)
    several = examined({"bug": [Said(40.0), *[Said(-math.inf)] * 199], "other": Said(38.0)}, **ONCE)
    assert several.evidence["best"] == "other"  # the average of 200 ways is e to the 34.7
    two = examined({"one + two": Said(40.0)}, **ONCE)
    assert two.bugs == ("one", "two")


def test_no_bug_is_named_if_the_right_law_is_as_likely():
    found = examined({"bug": Said(-2.0, 0.5)}, 1e-9, **ONCE)
    assert (found.passed, found.bug) == (False, None)


def test_rounds_end_when_it_is_clear():
    def draws(bugs, **changes):
        return examined(bugs, **changes).evidence["draws"]

    assert draws({"bug": Said(-50.0)}) == 20
    assert draws({"bug": Said(-50.0)}, least=3) == 30
    assert draws({"bug": Said(0.0)}) == 60
    assert draws({"bug": Said(-4.0)}) == 30  # -9.21 is odds of 1e4
    assert draws({"bug": Said(6.3), "other": Said(6.3)}) == 60
    assert draws({"bug": Said(7.0), "other": Said(-9.0)}) == 40  # before it gets a name


def test_impossible_draws_fail():
    evidence = Evidence(ways={"bug": np.array([-50.0])}, rights=np.zeros(1))
    assert not evidence.fails()
    evidence.impossible = 1
    assert evidence.fails()


def test_what_a_relation_tells_is_kept_unless_the_draws_have_a_name():
    def relation(student, rng):
        return Finding(False, got="told", bug=bug, bugs=(bug,) if bug else (), sure=sure)

    bug, sure = "by relation", False
    kept = examined(LOST, relations=[relation])
    assert (kept.passed, kept.got, kept.bug) == (False, "told", "by relation")
    bug = None
    named = examined({"bug": Said(40.0)}, relations=[relation])
    assert (named.got, named.bug) == ("told", "bug")
    bug, sure = "by relation", True
    assert examined({"bug": Said(40.0)}, relations=[relation]).bug == "by relation"


def test_the_global_random_state_is_named_if_that_is_a_kind():
    def of_its_own(n):
        return np.random.normal(size=n)  # noqa: NPY002 (the mistake)

    def relation(student, rng):
        student.ask(3)

    found = examined(LOST, function=of_its_own, relations=[relation], randomness="elsewhere")
    assert found.bug == "elsewhere"


def test_p_values_are_combined_by_the_smallest():
    assert combined([0.3, 0.1, 0.8]) == pytest.approx(1 - 0.9**3, rel=1e-12)
    assert combined([1e-20, 0.5]) == pytest.approx(2e-20, rel=1e-9)


@pytest.mark.parametrize("least", [1e-2, 1e-6])
def test_a_bet_against_a_hypothesis_is_fair(least):
    """Its integral from e to 1 is 1 - (1 - e) / log(1 / e): 1 over all p-values."""
    value = integrate.quad(
        lambda t: bet_against(math.exp(-t)) * math.exp(-t), 1e-4, -math.log(least)
    )
    expected = 1.0 - (1.0 - least) / -math.log(least)
    assert value[0] + 0.5e-4 == pytest.approx(expected, abs=1e-6)


def test_a_bug_that_loses_in_one_setting_has_no_name():
    """It is 40 likelier than the right law in all, and 30 less likely in one setting of two."""

    def setting(log):
        return Setting(
            "words",
            lambda rng, n: [n],
            lambda arguments, value: np.append(0.0, value),
            [Said(0.0)],
            {"bug": [Said(log)]},
            draws=10,
        )

    def found(*logs):
        rules = Chance(("n",), [setting(log) for log in logs], fit=lambda *_: 0.5, **ONCE)
        return rules.examine(Student("f", InProcess(np.zeros), ("n",), np.ones), 1)

    assert found(35.0, 5.0).bug == "bug"
    lost = found(70.0, -30.0)
    assert (lost.passed, lost.bug) == (False, None)


def test_the_start_is_left_out_and_told():
    def finding(student, rng):
        return Finding(
            False, got="The first draw is the start", bug=bug, bugs=(bug,) if bug else ()
        )

    bug = "start"
    alone = examined(LOST, start_first=finding)
    assert (alone.bug, alone.evidence["draws"]) == ("start", 18)
    assert examined({"bug": Said(40.0)}, start_first=finding).bugs == ("start", "bug")
    unknown = examined(LOST, 1e-9, start_first=finding)
    assert (unknown.passed, unknown.bug) == (False, None)
    assert "first draw is the start" in unknown.advice
    bug = None
    assert examined({"bug": Said(40.0)}, start_first=finding).bug is None


SCALE = 1.3
WALK = AcceptReject(
    lambda x, there: stats.norm.logpdf(there, x, SCALE),
    lambda x, there: np.minimum(0.0, 0.5 * (x**2 - there**2)),
    lambda x: (x - 8.0 * SCALE, x + 8.0 * SCALE),
)
"""Metropolis' walk on a standard normal."""


def density(x, there):
    return stats.norm.pdf(there, x, SCALE) * np.minimum(1.0, np.exp(0.5 * (x**2 - there**2)))


def moving(x, to=np.inf):
    """Return the probability of a move from x to below a place."""
    kinks = sorted({-abs(x), abs(x), x, min(to, 12.0)})
    edges = [-12.0, *(kink for kink in kinks if kink < to), min(to, 12.0)]
    pieces = itertools.pairwise(edges)
    return sum(integrate.quad(lambda there: density(x, there), *piece)[0] for piece in pieces)


class Quarter:
    """A generator whose numbers are all a quarter."""

    def random(self, n):
        return np.full(n, 0.25)


PATH = np.array([0.7, -0.4, -0.4, 1.9, 1.9])


def test_a_walk_has_the_law_of_its_density_and_of_staying():
    stay = 1.0 - moving(-0.4), 1.0 - moving(1.9)
    moves = density(0.7, -0.4), density(-0.4, 1.9)
    expected = np.log([moves[0], stay[0], moves[1], stay[1]])
    np.testing.assert_allclose(WALK.logs(PATH), expected, atol=2e-3)
    below = [
        moving(0.7, -0.4),
        moving(-0.4, -0.4) + 0.25 * stay[0],
        moving(-0.4, 1.9) + stay[0],
        moving(1.9, 1.9) + 0.25 * stay[1],
    ]
    np.testing.assert_allclose(WALK.uniforms(PATH, Quarter())[0], below, atol=2e-3)


def test_the_chance_to_move_is_the_same_of_few_places_and_of_many():
    few = np.array([-2.0, 0.0, 0.3, 1.7])
    many = np.concatenate([few, np.linspace(-3.0, 3.0, 50), [13.5]])
    expected = [moving(x) for x in few]
    np.testing.assert_allclose(WALK.chance_to_move(few), expected, atol=1e-3)
    np.testing.assert_allclose(WALK.chance_to_move(many)[:4], expected, atol=1e-3)


def test_laws_of_what_is_recorded():
    path = np.array([0.7, -0.4, 1.9])
    moved = OnlyMoves(WALK)
    expected = np.log([density(0.7, -0.4) / moving(0.7), density(-0.4, 1.9) / moving(-0.4)])
    np.testing.assert_allclose(moved.logs(path), expected, atol=2e-3)
    assert moved.logs(PATH)[1] == -np.inf
    shares = [moving(0.7, -0.4) / moving(0.7), moving(-0.4, 1.9) / moving(-0.4)]
    np.testing.assert_allclose(moved.uniforms(path, Quarter()), shares, atol=2e-3)
    one = OneValue(50.0)
    assert np.array_equal(one.logs(np.array([0.0, 3.0, 3.0])), [-np.log(50.0), 0.0])
    assert one.logs(PATH)[2] == -np.inf
    started = FromStart(lambda start: Said(start))
    assert started.logs(PATH).sum() == pytest.approx(0.7)


def walk(log_density, theta0, scale, n, rng, accept=None, kick=None):
    """Walk as Metropolis did, or with another decision or step."""
    accept = accept or (lambda new, old: math.log(1.0 - rng.random()) < new - old)
    theta, draws = np.array(theta0), []
    for _ in range(n):
        z = rng.standard_normal(theta.size) if kick is None else kick(theta.size)
        new = theta + scale * z
        theta = new if accept(log_density(new), log_density(theta)) else theta
        draws.append(theta)
    return np.array(draws)


def call(density, start, n, rng):
    return [{"$density": density}, start, 1.4, n, {"$rng": int(rng.integers(1 << 40))}]


def related(relation, function, **changes):
    student = Student("f", InProcess(function), ("log_density", "theta0", "scale", "n", "rng"))
    return getattr(Relations(call, **changes), relation)(student, np.random.default_rng(3))


def start_first(log_density, theta0, scale, n, rng):
    return np.vstack([theta0, walk(log_density, theta0, scale, n, rng)])


OWN = np.random.default_rng(1)


def other_generator(log_density, theta0, scale, n, rng):
    return walk(log_density, theta0, scale, n, OWN)


def fixed_generator(log_density, theta0, scale, n, rng):
    return walk(log_density, theta0, scale, n, np.random.default_rng(7))


def densities_themselves(log_density, theta0, scale, n, rng):
    def accept(new, old):
        return rng.random() * math.exp(old) < math.exp(new)

    return walk(log_density, theta0, scale, n, rng, accept)


def barker(log_density, theta0, scale, n, rng):
    return walk(log_density, theta0, scale, n, rng, lambda a, b: rng.logistic() < a - b)


def always(log_density, theta0, scale, n, rng):
    return walk(log_density, theta0, scale, n, rng, lambda new, old: True)


def not_above(log_density, theta0, scale, n, rng):
    def accept(new, old):
        return not math.log(1.0 - rng.random()) > new - old

    return walk(log_density, theta0, scale, n, rng, accept)


def only_moves_written(log_density, theta0, scale, n, rng):
    path = np.vstack([theta0, walk(log_density, theta0, scale, n, rng)])
    moved = (path[1:] != path[:-1]).any(axis=1)
    return np.where(moved[:, None], path[1:], 0.0)


def one_at_a_time(log_density, theta0, scale, n, rng):
    times = iter(range(n))
    return walk(log_density, theta0, scale, n, rng, kick=lambda size: _only(next(times), size, rng))


def _only(time, size, rng):
    return np.where(np.arange(size) == time % size, rng.standard_normal(size), 0.0)


def start_for_a_draw(log_density, theta0, scale, n, rng):
    return start_first(log_density, theta0, scale, n - 1, rng)


def one_number(log_density, theta0, scale, n, rng):
    return walk(log_density, theta0, scale, n, rng, kick=lambda size: rng.standard_normal())


@pytest.mark.parametrize(
    ("relation", "function", "words"),
    [
        ("shape_of_draws", start_first, "an array of shape (8, 2)"),
        ("shape_of_draws", lambda *a: np.full((a[3], a[1].size), np.nan), "are nan or infinite"),
        ("same_seed", other_generator, "other draws the second time"),
        ("same_seed", fixed_generator, "the same draws"),
        ("adds_constant", densities_themselves, "other draws"),
        ("flat_target", barker, " moves"),
        ("one_number", one_number, "both coordinates make the same step"),
        ("rows_filled", only_moves_written, "has nothing but zeros"),
        ("moves_together", one_at_a_time, "one coordinate is new, and the other is not"),
        ("start_first", start_for_a_draw, "The first draw is theta0"),
        ("no_density", always, "draws outside"),
        ("not_a_number", not_above, "draws there"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_relation_holds_for_a_walk_and_fails_for_a_mistake(relation, function, words):
    assert related(relation, walk) is None
    finding = related(relation, function)
    assert not finding.passed
    assert words in finding.got


def test_names_that_relations_give():
    assert related("same_seed", other_generator, randomness="elsewhere").bug == "elsewhere"
    assert related("same_seed", fixed_generator, randomness="elsewhere").bugs == ("elsewhere",)
    assert related("same_seed", other_generator).bug is None
    assert related("one_number", one_number).bug == "one-number"
    assert related("start_first", start_for_a_draw, start_recorded="start").bugs == ("start",)
    assert related("start_first", start_for_a_draw).bug is None
    assert related("not_a_number", not_above).bug == "nan-accepted"


def test_exact_starts_stay_exact():
    assert related("exact_starts", walk)[0]["exact starts"] > 1e-3
    p, finding = related("exact_starts", always)
    assert p["exact starts"] < 1e-9
    assert not finding.passed
    assert "as the starts" in finding.expected


def test_exact_starts_of_a_gamma_are_exact():
    starts = GAMMA.starts(np.random.default_rng(1), 4000)
    for row in GAMMA.uniforms(starts):
        assert stats.kstest(row, "uniform").pvalue > 1e-3


@pytest.mark.parametrize(
    ("rows", "words"), [(8, "one row too many"), (5, "a row for each iteration, also where")]
)
def test_too_many_and_too_few_draws_are_told_apart(rows, words):
    with pytest.raises(Stop) as stop:
        draws_of(np.zeros((rows, 2)), 7, 2)
    assert words in stop.value.finding.advice


@pytest.mark.parametrize(("gap", "named"), [(9.94, True), (9.91, False)])
def test_two_bugs_at_once_are_less_likely_than_one(gap, named):
    """Prior odds are 0.005, e to the -5.298; e to the 4.627 is left for a name."""
    found = examined({"one + two": Said(40.0 + gap), "one": Said(40.0)}, **ONCE)
    assert found.evidence["best"] == "one + two"
    assert found.bugs == (("one", "two") if named else ())


@pytest.mark.parametrize(("log", "bug", "got"), [(40.0, "bug", "mean"), (0.0, None, "ValueError")])
def test_what_was_seen_before_an_error_counts_if_it_fails(log, bug, got):
    calls = itertools.count()

    def ends_in_an_error(n):
        if next(calls) == 2:
            raise ValueError("no")
        return np.zeros(n)

    found = examined({"bug": Said(log), "other": Said(-9.0)}, function=ends_in_an_error)
    assert (found.passed, found.bug) == (False, bug)
    assert found.got.startswith(got)


def test_draws_may_follow_either_right_law():
    def found(*logs):
        setting = Setting(
            "words",
            lambda rng, n: [n],
            lambda arguments, value: np.append(0.0, value),
            [Said(log) for log in logs],
            {"bug": [Said(-50.0)]},
            draws=10,
        )
        rules = Chance(("n",), [setting], fit=lambda *_: 0.5, **ONCE)
        return rules.examine(Student("f", InProcess(np.zeros), ("n",), np.ones), 1)

    assert found(-math.inf, 0.0).passed
    assert not found(-math.inf, -math.inf).passed


def test_a_chain_that_never_moves_does_not_record_its_start():
    def stays(log_density, theta0, scale, n, rng):
        return np.tile(theta0, (n, 1))

    assert related("start_first", stays) is None


def log_normal(x):
    return -0.5 * x * x


def in_the_plane(**changes):
    """Return Metropolis' walk on two standard normals."""
    return Plane(
        lambda x, z: x + SCALE * z,
        lambda x, there: stats.norm.logpdf(there, x, SCALE).sum(axis=0),
        lambda x, there: np.minimum(0.0, (log_normal(there) - log_normal(x)).sum(axis=0)),
        **changes,
    )


def moving_in_the_plane(x, to=np.inf):
    """Return the probability of a move from x to where the first coordinate is below a place."""
    edges = np.linspace(-8.0, 8.0, 1601)
    places = 0.5 * (edges[1:] + edges[:-1])
    share = np.clip((to - edges[:-1]) / 0.01, 0.0, 1.0)
    first, second = (stats.norm.pdf(places, center, SCALE) * 0.01 for center in x)
    radius = places[:, None] ** 2 + places**2
    accepted = np.minimum(1.0, np.exp(0.5 * (x @ x - radius)))
    return float((first * share) @ accepted @ second)


PLANE_PATH = np.array([[0.7, -0.4], [-0.3, 0.5], [-0.3, 0.5], [-0.3, 1.1], [-0.3, 1.1]])
"""A move, a stay, a move along one coordinate, a stay."""


def density_in_the_plane(x, there):
    chance = min(1.0, math.exp(0.5 * (x @ x - there @ there)))
    return stats.norm.pdf(there, x, SCALE).prod() * chance


def test_a_walk_in_the_plane_has_its_law():
    start, near, _, far, _ = PLANE_PATH
    stay = 1.0 - moving_in_the_plane(near), 1.0 - moving_in_the_plane(far)
    moves = density_in_the_plane(start, near), density_in_the_plane(near, far)
    expected = np.log([moves[0], stay[0], moves[1], stay[1]])
    np.testing.assert_allclose(in_the_plane().logs(PLANE_PATH), expected, atol=0.01)
    below = [
        moving_in_the_plane(start, near[0]),
        moving_in_the_plane(near, near[0]) + 0.25 * stay[0],
        moving_in_the_plane(near, far[0]),
        moving_in_the_plane(far, far[0]) + 0.25 * stay[1],
    ]
    np.testing.assert_allclose(in_the_plane().uniforms(PLANE_PATH, Quarter())[0], below, atol=0.01)
    back = PLANE_PATH[1::-1]
    above = moving_in_the_plane(near, start[0]) + stay[0]
    assert in_the_plane().uniforms(back, Quarter())[0] == pytest.approx(above, abs=0.01)


def test_a_plane_of_which_only_moves_are_recorded():
    start, near = PLANE_PATH[:2]
    law, moved = in_the_plane(only_moves=True), moving_in_the_plane(start)
    logs = law.logs(PLANE_PATH)
    assert logs[0] == pytest.approx(math.log(density_in_the_plane(start, near) / moved), abs=0.01)
    assert logs[1] == -np.inf
    share = moving_in_the_plane(start, near[0]) / moved
    assert law.uniforms(PLANE_PATH, Quarter())[0] == pytest.approx(share, abs=0.01)


def accept(x, there):
    return np.minimum(0.0, log_normal(there) - log_normal(x))


def test_recorded_proposals_hide_the_chain():
    """Before the third, the chain is where it was accepted: at one of three places."""
    a, b, c, d = path = np.array([0.7, -1.4, 1.9, 0.3])
    law = ProposalsRecorded(SCALE, accept)

    def q(x, there):
        return stats.norm.pdf(there, x, SCALE)

    def yes(x, there):
        return math.exp(accept(x, there))

    at = {a: 1.0 - yes(a, b), b: yes(a, b)}
    second = at[a] * q(a, c) + at[b] * q(b, c)
    refused = {x: at[x] * q(x, c) * (1.0 - yes(x, c)) / second for x in (a, b)}
    then = refused | {c: 1.0 - sum(refused.values())}
    third = sum(chance * q(x, d) for x, chance in then.items())
    np.testing.assert_allclose(law.logs(path), np.log([q(a, b), second, third]), atol=1e-9)
    below = sum(chance * stats.norm.cdf(d, x, SCALE) for x, chance in then.items())
    assert law.uniforms(path, Quarter())[2] == pytest.approx(below, abs=1e-9)


def test_a_wrong_belief_changes_what_is_accepted():
    level = -0.1
    law = Believed(
        log_normal, WALK.log_proposal, WALK.span, lambda path: np.full(len(path) - 1, level)
    )
    moved = math.log(stats.norm.pdf(1.9, 0.7, SCALE)) + log_normal(1.9) - level
    assert law.logs(np.array([0.7, 1.9]))[0] == pytest.approx(moved, abs=1e-9)
    chance = integrate.quad(
        lambda y: stats.norm.pdf(y, 0.7, SCALE) * min(1.0, math.exp(log_normal(y) - level)),
        *(-8.0, 9.0),
        points=[-math.sqrt(0.2), math.sqrt(0.2)],
    )[0]
    assert law.logs(np.array([0.7, 0.7]))[0] == pytest.approx(math.log(1.0 - chance), abs=2e-3)


def test_proposals_around_the_start():
    law = AroundStart(0.5, SCALE, accept)
    accepted = np.array([0.0, accept(-0.4, 1.9)])
    expected = stats.norm.logpdf([-0.4, 1.9], 0.5, SCALE) + accepted
    np.testing.assert_allclose(law.logs(np.array([0.5, -0.4, 1.9])), expected, atol=1e-9)


def test_the_level_of_a_rejected_proposal_is_hidden():
    """A proposal after a rejection is compared with what was rejected, wherever that was."""
    x, there, last = 0.7, 1.6, -2.1
    law = LastProposed(log_normal, SCALE, nodes=1601)

    def refused(y):
        return stats.norm.pdf(y, x, SCALE) * (1.0 - math.exp(accept(x, y)))

    def taken(y):
        return refused(y) * math.exp(accept(y, there))

    kinks = {"points": sorted({-x, x, -there, there}), "limit": 200}
    stay, then = (integrate.quad(f, -9.0, 10.0, **kinks)[0] for f in (refused, taken))
    after = stats.norm.logpdf(there, x, SCALE) + math.log(then / stay)
    moved = stats.norm.logpdf(last, there, SCALE) + accept(there, last)
    logs = law.logs(np.array([x, x, there, last]))
    np.testing.assert_allclose(logs, [math.log(stay), after, moved], atol=2e-3)
