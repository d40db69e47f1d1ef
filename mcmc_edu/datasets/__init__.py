"""Data to learn on: simulators with a known truth, and grouped observations of your own."""

from .grouped import GroupedData, Truth, grouped, read_csv
from .simulated import boelstad, boelstad_from, simulate

__all__ = ["GroupedData", "Truth", "boelstad", "boelstad_from", "grouped", "read_csv", "simulate"]
