"""Everything that is numba's own business; no other room of the package imports numba.

A chain is compiled once, ever, whatever the model.  Three devices make that so:

1. A chain sees every log density through one signature, `DENSITY`, so that a new density never
   specialises a sampler.
2. A density's data, a tuple of any type, travel as a flat array of 64-bit slots (`packing`); an
   adapter of three lines, compiled for each density, unpacks them and calls the user's function.
3. Machine code is kept on disk under a hash of the package's own sources, so that an edited
   file is never answered by what was compiled before the edit (`cache`).

All three need names that are not public in numba; `private` holds them, and does without those that
are missing.  Then the chain is compiled in every process.

With ``NUMBA_DISABLE_JIT=1`` the same sources run as plain Python and give the same draws, bit
for bit.  A density that numba cannot compile runs as Python inside the compiled chain.
"""

from .announcing import compiling_announced
from .binding.arguments import arguments_of
from .binding.bound import BoundDensity, bind
from .binding.callables import log_density_for
from .binding.object_mode import ObjectModeWarning
from .binding.parallel import threads_for
from .entries import Entry, FloatArray, Function, compiled, entry, inlined, lean, pasted, uncounted
from .function_values import FunctionValue, function_value
from .ieee import exp, log, nan_to_minus_inf, sqrt
from .packing import copied, has_single_precision, pack, same_data
from .private import UNCOMPILED
from .signatures import (
    BOOL,
    DENSITY,
    FLAGS,
    FLOAT,
    INT,
    MATRIX,
    PACKED,
    RNG,
    VECTOR,
    function,
    pair,
    record,
)
from .users_line import users_line
from .views import as_matrix, without_refcount

__all__ = [
    "BOOL",
    "DENSITY",
    "FLAGS",
    "FLOAT",
    "INT",
    "MATRIX",
    "PACKED",
    "RNG",
    "UNCOMPILED",
    "VECTOR",
    "BoundDensity",
    "Entry",
    "FloatArray",
    "Function",
    "FunctionValue",
    "ObjectModeWarning",
    "arguments_of",
    "as_matrix",
    "bind",
    "compiled",
    "compiling_announced",
    "copied",
    "entry",
    "exp",
    "function",
    "function_value",
    "has_single_precision",
    "inlined",
    "lean",
    "log",
    "log_density_for",
    "nan_to_minus_inf",
    "pack",
    "pair",
    "pasted",
    "record",
    "same_data",
    "sqrt",
    "threads_for",
    "uncounted",
    "users_line",
    "without_refcount",
]
