"""The line of the user's to which a warning belongs."""

from __future__ import annotations

import sys
from types import FrameType

from .cache import in_package


def users_line() -> int:
    """Give `warnings.warn` the stack level of the first caller outside the package."""
    frame: FrameType | None = sys._getframe(1)
    level = 1
    while frame is not None and in_package(frame.f_code.co_filename):
        frame, level = frame.f_back, level + 1
    return level
