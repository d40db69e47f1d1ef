"""Data to learn on: simulators with a known truth, and grouped observations of your own."""

from .grouped import GroupedData, Truth, grouped, read_csv
from .recorded import RecordedRun, boelstad_run
from .simulated import boelstad, boelstad_from, simulate

__all__ = [
    "GroupedData",
    "RecordedRun",
    "Truth",
    "boelstad",
    "boelstad_from",
    "boelstad_run",
    "grouped",
    "read_csv",
    "simulate",
]
