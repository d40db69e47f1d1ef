"""Machine code on disk, under a hash of the package's own sources.

numba's own stamp is the file of the cached function itself, so that an edited callee in another
file would go on running as it was.  Students edit our samplers: what runs must be what they read.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from numba.core import caching

PACKAGE = Path(__file__).resolve().parent.parent


def in_package(file: str) -> bool:
    """Whether a source file is the package's own."""
    return PACKAGE in Path(file).resolve().parents


@cache
def source_stamp() -> str:
    """A hash of every source file of the package: what cached machine code must match."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class PackageLocator:
    """Mix into numba's cache locators: the package's files only, stamped with all its sources.

    numba's own stamp is the file of the cached function itself, and an edited callee in another
    file would go on running as it was.  Other people's functions are declined, and keep the
    caches they have.
    """

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Any:
        """Take over the package's functions; decline all others with None."""
        found = super().from_function if in_package(py_file) else None  # type: ignore[misc]
        return found(py_func, py_file) if found else None

    def get_source_stamp(self) -> str:
        """What is compared with the stamp on disk."""
        return source_stamp()


def _put_package_locators_first() -> None:
    numbas = (
        caching.UserProvidedCacheLocator,  # NUMBA_CACHE_DIR, where it is set
        caching.InTreeCacheLocator,  # __pycache__ beside the source, where it can be written
        caching.UserWideCacheLocator,  # else the user's cache folder
    )
    ours = [type(f"Package{c.__name__}", (PackageLocator, c), {}) for c in numbas]
    caching.CacheImpl._locator_classes[:0] = ours


_put_package_locators_first()
