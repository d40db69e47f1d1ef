# stan_glmer on the data of a folder; what it is told is in told.R, see rstanarm.py.
folder <- commandArgs(TRUE)[1]
source(file.path(folder, "told.R"))
suppressMessages(library(rstanarm))

path <- file.path(folder, "data.bin")
numbers <- matrix(readBin(path, "double", file.size(path) / 8), ncol = 4)
data <- data.frame(y = numbers[, 1], x = numbers[, 2], g = factor(numbers[, 3]), n = numbers[, 4])

binomial_counts <- family == "binomial"
fit <- stan_glmer(
  if (binomial_counts) cbind(y, n - y) ~ x + (x | g) else y ~ x + (x | g),
  data = data,
  family = if (family == "gaussian") gaussian() else binomial(),
  prior_intercept = normal(intercept[1], intercept[2], autoscale = FALSE),
  prior = normal(slope[1], slope[2], autoscale = FALSE),
  prior_aux = student_t(sigma[1], 0, sigma[2], autoscale = FALSE),
  prior_covariance = decov(regularization, 1, 1, 1),
  chains = chains, cores = cores, iter = warmup + draws, warmup = warmup, seed = seed, refresh = 0
)
covariances <- c("Sigma[g:(Intercept),(Intercept)]", "Sigma[g:x,(Intercept)]", "Sigma[g:x,x]")
named <- c("(Intercept)", "x", covariances, if (family == "gaussian") "sigma")
print(summary(fit, pars = named))

array <- as.array(fit)[, , named] # iteration, chain, parameter
writeBin(as.vector(array), file.path(folder, "draws.bin"))
statistics <- rstan::get_sampler_params(fit$stanfit, inc_warmup = FALSE)
total <- function(name) format(sum(sapply(statistics, function(s) sum(s[, name]))), scientific = FALSE)
writeLines(
  c(
    paste("seconds", sum(rstan::get_elapsed_time(fit$stanfit))),
    paste("gradients", total("n_leapfrog__")),
    paste("divergences", total("divergent__")),
    paste("R", getRversion()),
    paste("rstanarm", packageVersion("rstanarm")),
    paste("rstan", packageVersion("rstan"))
  ),
  file.path(folder, "told.txt")
)
