"""What a Python process that a test starts does first: this folder is on its path.

Warnings of ours are errors there, as they are in the tests (see `filterwarnings` in setup.cfg).
"""

import warnings

warnings.filterwarnings("error", category=UserWarning, module="mcmc_edu")
warnings.filterwarnings("error", category=RuntimeWarning, module="mcmc_edu|__main__")
