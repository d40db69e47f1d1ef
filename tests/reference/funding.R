# brms's posterior of the funding table, for test_regression_models.py: Rscript funding.R
#
# The model and its priors are the lecture's example.
suppressMessages(library(brms))
source("summary.R")
if (system.file("include", package = "BH") == "") { # Debian has Boost in its own place
  rstan::rstan_options(boost_lib = "/usr/include")
}

seed <- 2
data <- read.csv("../../mcmc_edu/datasets/funding.csv")
data$male <- as.numeric(data$gender == "m")
fit <- brm(
  awards | trials(applications) ~ 1 + male + (1 + male | discipline), data, binomial("logit"),
  prior = c(
    set_prior("normal(0, 4)", class = "Intercept"), set_prior("normal(0, 4)", class = "b"),
    set_prior("cauchy(0, 1)", class = "sd"), set_prior("lkj(4)", class = "cor")
  ),
  chains = 4, iter = 11000, warmup = 1000, control = list(adapt_delta = 0.99), seed = seed, cores = 2,
  refresh = 0
)
write_summary(
  "funding.json", fit, as_draws_array(fit), "brms",
  seed = seed, leave_out = c("lp__", "lprior"),
  about = paste(
    "Posterior of awards | trials(applications) ~ 1 + male + (1 + male | discipline), binomial,",
    "logit. Intercept where the predictor is at its mean N(0, 4), male N(0, 4), sds half-Cauchy(1),",
    "correlation LKJ(4)."
  )
)
