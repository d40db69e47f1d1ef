"""As much of Stan's language as `Model.stan` writes, run by Python.

`log_density(code, data, parameters)` runs a program and returns its log density on Stan's
unconstrained scale, and all of its variables.  Vectors are columns, (n, 1), row vectors (1, n);
arrays of integers have one dimension, arrays of vectors and matrices are lists.  A variable that is
used before it is declared, an index outside, or a value outside its declared bounds is an error.
Densities are SciPy's.
"""

import re

import numpy as np
from scipy import special, stats

NUMBER, NAME = r"\d+\.?\d*(?:e[+-]?\d+)?", r"[A-Za-z]\w*"
TOKEN = re.compile(rf"\s*({NUMBER}|{NAME}|\.\*|\./|[-+*/:,|(){{}}\[\]'])")
KINDS = r"int|real|vector|matrix|ordered|cholesky_factor_corr"
DECLARATION = re.compile(
    rf"(?:array\[([^\]]*)\] )?({KINDS})(?:<([^>]*)>)?(?:\[([^\]]*)\])? (\w+)(?: = (.*))?;"
)
BLOCKS = ("data", "parameters", "transformed parameters", "model", "generated quantities")


def tokens_of(text):
    found, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        assert match, f"unknown: {text[at:]}"
        found.append(match[1])
        at = match.end()
    return found


def blocks_of(code):
    """Lines of each block without comments; braces must match."""
    plain = re.sub(r"\s*//.*", "", code)
    assert plain.count("{") == plain.count("}")
    assert plain.count("(") == plain.count(")")
    assert plain.count("[") == plain.count("]")
    found = re.findall(r"^([a-z ]+) \{\n(.*?)^\}\n", plain, re.M | re.S)
    assert "".join(f"{name} {{\n{body}}}\n" for name, body in found) == plain.lstrip("\n")
    names = [name for name, _ in found]
    assert names == [name for name in BLOCKS if name in names]
    return {name: [x.strip() for x in body.splitlines() if x.strip()] for name, body in found}


def column(x):
    return np.asarray(x, dtype=float).reshape(-1, 1)


FUNCTIONS = {
    "rep_vector": lambda x, n: np.full((int(n), 1), float(x)),
    "dot_product": lambda a, b: (a.T @ b).item(),
    "rows_dot_product": lambda a, b: (a * b).sum(axis=1, keepdims=True),
    "diag_pre_multiply": lambda v, m: v * m,
    "tcrossprod": lambda m: m @ m.T,
    "multiply_lower_tri_self_transpose": lambda m: np.tril(m) @ np.tril(m).T,
    "diagonal": lambda m: column(np.diag(m)),
    "quad_form_diag": lambda m, v: v * m * v.T,
    "to_vector": column,
    "append_row": lambda a, b: np.vstack([np.atleast_2d(a), b]),
    "sqrt": np.sqrt,
    "square": np.square,
    "exp": np.exp,
    "inv_square": lambda x: 1.0 / x**2,
    "inv_logit": special.expit,
    "Phi": special.ndtr,
    "sum": np.sum,
}


def categorical_logit(y, eta):
    return eta[int(y) - 1, 0] - special.logsumexp(eta)


def ordered_logistic(y, eta, c):
    cuts = np.concatenate([[-np.inf], c.ravel(), [np.inf]])
    assert (np.diff(cuts) > 0).all()
    y, eta = np.ravel(y).astype(int), np.ravel(eta)
    return np.log(special.expit(eta - cuts[y - 1]) - special.expit(eta - cuts[y]))


def neg_binomial_2_log(y, eta, phi):
    return stats.nbinom.logpmf(y, phi, phi / (phi + np.exp(eta)))


def multi_normal_cholesky(c, mean, root):
    return sum(stats.multivariate_normal.logpdf(x.ravel(), mean.ravel(), root @ root.T) for x in c)


def lkj_corr_cholesky(root, shape):
    k = len(root)
    powers = k - np.arange(2, k + 1) + 2.0 * shape - 2.0
    return powers @ np.log(np.diag(root)[1:])


def uniform(x, a, b):
    return np.where((x >= a) & (x <= b), -np.log(b - a), -np.inf)


DENSITIES = {
    "normal": stats.norm.logpdf,
    "std_normal": stats.norm.logpdf,
    "student_t": lambda x, df, m, s: stats.t.logpdf(x, df, m, s),
    "cauchy": stats.cauchy.logpdf,
    "uniform": uniform,
    "exponential": lambda x, rate: stats.expon.logpdf(x, scale=1.0 / rate),
    "gamma": lambda x, a, rate: stats.gamma.logpdf(x, a, scale=1.0 / rate),
    "inv_gamma": lambda x, a, b: stats.invgamma.logpdf(x, a, scale=b),
    "lkj_corr_cholesky": lkj_corr_cholesky,
    "multi_normal_cholesky": multi_normal_cholesky,
    "lognormal": lambda y, m, s: stats.lognorm.logpdf(y, s, scale=np.exp(m)),
    "beta_proportion": lambda y, m, k: stats.beta.logpdf(y, m * k, (1.0 - m) * k),
    "bernoulli_logit": lambda y, eta: stats.bernoulli.logpmf(y, special.expit(eta)),
    "bernoulli": stats.bernoulli.logpmf,
    "binomial_logit": lambda y, n, eta: stats.binom.logpmf(y, n, special.expit(eta)),
    "binomial": stats.binom.logpmf,
    "poisson_log": lambda y, eta: stats.poisson.logpmf(y, np.exp(eta)),
    "neg_binomial_2_log": neg_binomial_2_log,
    "ordered_logistic": ordered_logistic,
    "categorical_logit": categorical_logit,
}


def density(name, arguments):
    """Sum of the log density of rows: vectors beside arrays of integers have one dimension."""
    if name not in ("categorical_logit", "multi_normal_cholesky", "lkj_corr_cholesky"):
        arguments = [x.ravel() if isinstance(x, np.ndarray) else x for x in arguments]
        sizes = {x.size for x in arguments[:2] if isinstance(x, np.ndarray)}
        assert len(sizes) <= 1, f"{name}: sizes {sizes}"
    return float(np.sum(DENSITIES[name](*arguments)))


class Reader:
    """Expressions, read from tokens and evaluated at once."""

    def __init__(self, text, variables):
        self.left = tokens_of(text)
        self.variables = variables

    def next(self, *wanted):
        if self.left and self.left[0] in wanted:
            return self.left.pop(0)
        return None

    def must(self, wanted):
        assert self.next(wanted), f"{wanted} expected before {self.left}"

    def whole(self):
        value = self.sum()
        assert not self.left, f"left over: {self.left}"
        return value

    def sum(self):
        value = self.product()
        while sign := self.next("+", "-"):
            other = self.product()
            shapes = {np.shape(x) for x in (value, other)} - {()}
            assert len(shapes) <= 1, f"shapes {shapes}"
            value = value + other if sign == "+" else value - other
        return value

    def product(self):
        value = self.signed()
        while sign := self.next("*", "/", ".*", "./"):
            other = self.signed()
            if sign == "*":
                scalar = np.ndim(value) == 0 or np.ndim(other) == 0
                value = value * other if scalar else value @ other
            elif sign == ".*":
                assert value.shape == other.shape
                value = value * other
            else:
                assert sign == "./" or np.ndim(other) == 0
                value = value / other
        return value

    def signed(self):
        return -self.signed() if self.next("-") else self.indexed()

    def indexed(self):
        value = self.simple()
        while self.left and self.left[0] in ("[", "'"):
            value = element(value, self.indices()) if self.left[0] == "[" else self.turned(value)
        return value

    def turned(self, value):
        self.must("'")
        return value.T

    def simple(self):
        if self.next("("):
            value = self.sum()
            self.must(")")
            return value
        if self.left[0] in "[{":
            closing = {"[": "]", "{": "}"}[self.left.pop(0)]
            values = self.listed(closing)
            return np.array([values], float) if closing == "]" else np.array(values, int)
        word = self.left.pop(0)
        if not word[0].isalpha():
            return float(word) if "." in word or "e" in word else int(word)
        if self.next("("):
            values = self.listed(")")
            if word.endswith(("_lpdf", "_lpmf")):
                return density(word[:-5], values)
            return FUNCTIONS[word](*values)
        assert word in self.variables, f"{word} is not declared"
        return self.variables[word]

    def listed(self, closing):
        values = []
        while not self.next(closing):
            values.append(self.sum())
            if not self.next(",", "|"):
                assert self.left[0] == closing
        return values

    def indices(self):
        """Positions from 0: integers, arrays, or None for all."""
        self.must("[")
        found = []
        while True:
            if self.left[0] in (",", "]"):
                found.append(None)
            else:
                low = self.sum()
                if self.next(":"):
                    low = np.arange(low, self.sum() + 1)
                found.append(low - 1)
            if self.next("]"):
                return found
            self.must(",")


def element(value, indices):
    assert all(index is None or np.min(index) >= 0 for index in indices)
    first = indices[0]
    if isinstance(value, list):
        return value[first]
    if len(indices) == 2:
        chosen = value if first is None else value[first]
        return column(chosen[:, indices[1]]) if first is None else chosen[indices[1]]
    if value.ndim == 1:
        return value[first]
    if np.ndim(first):
        return value[first]
    return float(value[first, 0]) if value.shape[1] == 1 else value[first : first + 1]


def set_to(target, value, variables):
    name, *rest = re.fullmatch(r"(\w+)(\[.*\])?", target).groups()
    assert name in variables, f"{name} is not declared"
    if rest[0] is None:
        variables[name] = value
        return
    indices = Reader(rest[0], variables).indices()
    place = variables[name]
    first = indices[0]
    where = (slice(None) if first is None else first, *indices[1:])
    fitting = np.reshape(value, np.shape(place[where])) if np.ndim(value) else value
    place[where] = fitting


def declared(line, variables, value=None, parameter=False):
    """Declare a variable: its shape, its value if it has one; return a parameter's log Jacobian."""
    match = DECLARATION.fullmatch(line)
    assert match, line
    array, kind, bounds, size, name, formula = match.groups()
    assert name not in variables, f"{name} is declared twice"
    sizes = [Reader(x, variables).whole() for x in size.split(",")] if size else []
    if formula is not None:
        value = Reader(formula, variables).whole()
        value = np.array(value) if np.ndim(value) else value
    shape = {"vector": (*sizes, 1), "ordered": (*sizes, 1), "cholesky_factor_corr": sizes * 2}
    wanted = tuple(shape.get(kind, sizes))
    count = Reader(array, variables).whole() if array else None
    if value is None:
        value = np.full(wanted, np.nan) if wanted else np.nan
    elif kind == "int" and array:
        value = np.asarray(value, dtype=int)
        assert value.shape == (count,), f"{name}: {value.shape}"
    elif array:
        value = [np.asarray(x, float).reshape(wanted) for x in value]
        assert len(value) == count
    elif wanted:
        assert np.size(value) == np.prod(wanted), f"{name}: {np.shape(value)}, not {wanted}"
        value = np.asarray(value, dtype=float).reshape(wanted)
    variables[name] = value
    ends = within(name, value, bounds, variables)
    return jacobian(kind, ends, value) if parameter else 0.0


def within(name, value, bounds, variables):
    """Return lower and upper bounds, which must hold."""
    found = {"lower": -np.inf, "upper": np.inf}
    for part in (bounds or "").split(","):
        if part:
            side, formula = part.split("=")
            found[side.strip()] = Reader(formula, variables).whole()
    low, high = found["lower"], found["upper"]
    assert not bounds or ((np.asarray(value) >= low) & (np.asarray(value) <= high)).all(), name
    return low, high


def jacobian(kind, bounds, value):
    low, high = bounds
    if kind == "ordered":
        return float(np.log(np.diff(value.ravel())).sum())
    if kind == "cholesky_factor_corr":
        total = 0.0
        for i in range(1, len(value)):
            left = 1.0
            for j in range(i):
                z = value[i, j] / np.sqrt(left)
                total += 0.5 * np.log(left) + np.log(1.0 - z * z)
                left -= value[i, j] ** 2
        return total
    if np.isfinite(low) and np.isfinite(high):
        return float(np.sum(np.log((value - low) * (high - value) / (high - low))))
    return float(np.sum(np.log(np.asarray(value) - low))) if np.isfinite(low) else 0.0


def run(lines, variables):
    """Run statements; return what they add to the log density."""
    total, lines = 0.0, list(lines)
    while lines:
        line = lines.pop(0)
        if loop := re.fullmatch(r"for \((\w+) in 1:(\w+)\) (.*)", line):
            body = [loop[3]]
            if loop[3] == "{":
                at = lines.index("}")
                body, lines = lines[:at], lines[at + 1 :]
            for i in range(1, variables[loop[2]] + 1):
                total += run(body, variables | {loop[1]: i})
        elif DECLARATION.fullmatch(line):
            declared(line, variables)
        elif match := re.fullmatch(r"(.*?) ~ (\w+)\((.*)\);", line):
            reader = Reader(match[3] + ")", variables)
            total += density(match[2], [Reader(match[1], variables).whole(), *reader.listed(")")])
        elif match := re.fullmatch(r"target \+= (.*);", line):
            total += Reader(match[1], variables).whole()
        else:
            target, sign, formula = re.fullmatch(r"(.*?) ([-+]?)= (.*);", line).groups()
            value = Reader(formula, variables).whole()
            if sign:
                before = Reader(target, variables).whole()
                value = before + value if sign == "+" else before - value
            set_to(target, value, variables)
    return total


def log_density(code, data, parameters):
    """Return the log density at the parameters, on the unconstrained scale, and all variables."""
    blocks, variables, total = blocks_of(code), {}, 0.0
    for line in blocks["data"]:
        name = DECLARATION.fullmatch(line)[5]
        declared(line, variables, data[name])
    assert set(variables) == set(data)
    for line in blocks["parameters"]:
        total += declared(line, variables, parameters[DECLARATION.fullmatch(line)[5]], True)
    run(blocks.get("transformed parameters", []), variables)
    total += run(blocks["model"], dict(variables))
    run(blocks.get("generated quantities", []), variables)
    return total, variables
