"""What a Python process that a test starts does first: this folder is on its path.

Warnings of ours are errors there, as they are in the tests (see `filterwarnings` in setup.cfg); and
under ``pytest --nudge`` it is another machine, too.
"""

import os
import warnings

warnings.filterwarnings("error", category=UserWarning, module="mcmc_edu")
warnings.filterwarnings("error", category=RuntimeWarning, module="mcmc_edu|__main__")

if os.environ.get("MCMC_EDU_NUDGE"):
    import nudging

    nudging.install()
