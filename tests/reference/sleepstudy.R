# rstanarm's posterior of sleepstudy, for test_regression_models.py: Rscript sleepstudy.R
#
# The priors are rstanarm's defaults of version 2.21 for these data, as numbers: whoever compares has
# to state them and depends on nobody's defaults.
suppressMessages(library(rstanarm))
source("summary.R")

seed <- 2
data <- read.csv("../../mcmc_edu/datasets/sleepstudy.csv")
data$Subject <- factor(data$Subject)
fit <- stan_lmer(
  Reaction ~ Days + (Days | Subject), data,
  prior_intercept = normal(298.51, 140.82, autoscale = FALSE),
  prior = normal(0, 48.89, autoscale = FALSE),
  prior_aux = exponential(0.01775, autoscale = FALSE),
  prior_covariance = decov(1, 1, 1, 1),
  chains = 4, iter = 11000, warmup = 1000, adapt_delta = 0.95, seed = seed, cores = 2, refresh = 0
)
write_summary(
  "sleepstudy.json", fit, as.array(fit), "rstanarm",
  seed = seed, leave_out = c("mean_PPD", "log-posterior"),
  about = paste(
    "Posterior of Reaction ~ Days + (Days | Subject), Gaussian. Intercept where the predictor is at",
    "its mean N(298.51, 140.82), Days N(0, 48.89), sigma Exponential(0.01775), covariance",
    "decov(1, 1, 1, 1)."
  )
)
