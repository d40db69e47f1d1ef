# Posteriors of gamma, lognormal and beta regressions by brms: Rscript families.R > families.json
# Each family has data of its own, simulated here, and every prior is written out.
suppressMessages({library(brms); library(jsonlite); library(posterior)})
if (system.file("include", package = "BH") == "") { # Debian has Boost in its own place
  rstan::rstan_options(boost_lib = "/usr/include")
}

set.seed(11)
g <- rep(1:12, each = 10)
x <- round(rnorm(120, 1, 1), 3)
eta <- 0.4 + 0.5 * (x - 1) + rnorm(12, 0, 0.6)[g]
share <- plogis(eta)
rows <- list(
  gamma = data.frame(y = rgamma(120, 3, 3 / exp(eta)), x = x, g = g),
  lognormal = data.frame(y = rlnorm(120, eta, 0.8), x = x, g = g),
  beta = data.frame(y = rbeta(120, 7 * share, 7 * (1 - share)), x = x, g = g))
rows <- lapply(rows, function(d) { d$y <- signif(d$y, 5); d })

common <- c(prior(normal(0, 2), class = "Intercept"), prior(normal(0, 1), class = "b"),
            prior(normal(0, 1), class = "sd"))
families <- list(gamma = Gamma("log"), lognormal = lognormal(), beta = Beta("logit"))
own <- list(gamma = prior(gamma(2, 0.5), class = "shape"),
            lognormal = prior(exponential(1), class = "sigma"),
            beta = prior(gamma(2, 0.1), class = "phi"))

posterior_of <- function(name) {
  fit <- suppressWarnings(brm(y ~ x + (1 | g), rows[[name]], families[[name]],
    prior = c(common, own[[name]]), chains = 2, iter = 6000, warmup = 1000, seed = 3, refresh = 0,
    backend = "rstan", silent = 2, control = list(adapt_delta = 0.9)))
  kept <- c("b_Intercept", "b_x", "sd_g__Intercept", own_name[[name]],
            "r_g[1,Intercept]", "r_g[12,Intercept]")
  draws <- subset_draws(as_draws_array(fit), variable = kept)
  mean_of_first <- posterior_epred(fit, newdata = rows[[name]][1, ])[, 1]
  epred <- as_draws_array(array(mean_of_first, c(5000, 2, 1), list(NULL, NULL, "epred_1")))
  both <- bind_draws(draws, epred)
  s <- summarise_draws(both, "mean", "sd", "mcse_mean", "mcse_sd", "rhat")
  setNames(lapply(seq_len(nrow(s)), function(i) as.list(s[i, -1])), s$variable)
}
own_name <- list(gamma = "shape", lognormal = "sigma", beta = "phi")

found <- list(
  versions = list(R = R.version.string, brms = as.character(packageVersion("brms")),
                  rstan = as.character(packageVersion("rstan"))),
  rows = rows,
  posterior = sapply(names(rows), posterior_of, simplify = FALSE))
cat(toJSON(found, digits = NA, auto_unbox = TRUE), "\n")
