"""One evaluation of a log posterior: the memory that it works in, and how long that lives.

    log_density(theta, grad, data)            what a sampler calls
    log_posterior(theta, grad, data, work)    the mathematics, in a workspace

Records of many arrays are slow to pass where references are counted, so every array is borrowed:
nothing is counted, however many views are made.  The owner must then outlive the view.
Python holds theta, the gradient and the data; the workspace is held here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...compiling import FloatArray, pasted, without_refcount


@pasted
def evaluate(
    log_posterior: Callable[..., float],
    workspace_size: Callable[..., int],
    workspace: Callable[..., Any],
    theta: FloatArray,
    grad: FloatArray,
    data: Any,
) -> float:
    """Allocate a workspace and compute the log posterior in it; `grad` receives its gradient.

    Parameters
    ----------
    log_posterior, workspace_size, workspace
        Those of one density: see `general.posterior` and `lines.posterior`.
    data
        Their data, borrowed.
    """
    scratch = np.empty(workspace_size(data))
    work = workspace(data, without_refcount(scratch))
    logp = log_posterior(without_refcount(theta), without_refcount(grad), data, work)
    scratch[0] = logp  # its memory is freed after its last use: this is it
    return logp
