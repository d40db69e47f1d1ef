"""Data to learn on: simulators with a known truth, published tables, observations of your own."""

from .columns import Columns
from .families import RegressionTruth, SimulatedRegression, simulate_regression
from .grouped import GroupedData, Truth, grouped, read_csv
from .published import check_funding, efron_morris, eight_schools, funding, sleepstudy
from .recorded import RecordedRun, boelstad_run
from .simulated import boelstad, boelstad_from, simulate

__all__ = [
    "Columns",
    "GroupedData",
    "RecordedRun",
    "RegressionTruth",
    "SimulatedRegression",
    "Truth",
    "boelstad",
    "boelstad_from",
    "boelstad_run",
    "check_funding",
    "efron_morris",
    "eight_schools",
    "funding",
    "grouped",
    "read_csv",
    "simulate",
    "simulate_regression",
    "sleepstudy",
]
