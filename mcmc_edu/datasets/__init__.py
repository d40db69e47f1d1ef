"""Data to learn on: simulators with a known truth, published tables, observations of your own."""

from .alliance import SimulatedAlliance, simulate_alliance
from .arousal import simulate_arousal
from .columns import Columns
from .families import RegressionTruth, SimulatedRegression, simulate_regression
from .grouped import GroupedData, Truth, grouped, read_csv
from .marketing import SimulatedMarketing, simulate_marketing
from .poll import SimulatedPoll, simulate_poll
from .published import check_funding, efron_morris, eight_schools, funding, sleepstudy
from .simulated import boelstad, boelstad_from, simulate, stream_after

__all__ = [
    "Columns",
    "GroupedData",
    "RegressionTruth",
    "SimulatedAlliance",
    "SimulatedMarketing",
    "SimulatedPoll",
    "SimulatedRegression",
    "Truth",
    "boelstad",
    "boelstad_from",
    "check_funding",
    "efron_morris",
    "eight_schools",
    "funding",
    "grouped",
    "read_csv",
    "simulate",
    "simulate_alliance",
    "simulate_arousal",
    "simulate_marketing",
    "simulate_poll",
    "simulate_regression",
    "sleepstudy",
    "stream_after",
]
