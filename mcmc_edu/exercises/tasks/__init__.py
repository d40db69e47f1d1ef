"""The exercises, a folder each; see `mcmc_edu.exercises.exercise` for what is in one."""
