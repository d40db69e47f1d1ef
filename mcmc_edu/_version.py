"""The version, alone in a file so that building needs no import."""

__version__ = "0.2.0"
