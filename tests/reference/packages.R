# Default priors as rstanarm and brms print them: Rscript packages.R > packages.json
suppressMessages({library(brms); library(rstanarm); library(jsonlite); library(lme4)})

rows <- data.frame(
  count = c(1, 2, 3, 5, 8, 1, 0, 2, 4, 40, 7, 3), trials = 60, x = c(1:6, 2 * (1:6)) + 0.5,
  g = rep(1:4, 3), w = c(0.2, 0.1, 0.7, 0.3, 0.3, 0.1, 0.9, 0.8, 0.5, 0.4, 0.6, 0.1))
rows$size <- 1000 + 37 * rows$count - 5 * rows$x
rows$share <- (rows$count + 0.5) / 61
rows$answer <- ordered(pmin(rows$count, 4))

of_brms <- function(formula, family) {
  found <- as.data.frame(get_prior(formula, rows, family))
  named <- found[found$prior != "", ]
  setNames(as.list(named$prior), paste0(named$class, ifelse(named$dpar == "", "", paste0(":", named$dpar))))
}

of_rstanarm <- function(formula, family) {
  fit <- suppressWarnings(stan_glmer(formula, rows, family = family, chains = 1, iter = 20,
                                     refresh = 0, seed = 1))
  p <- prior_summary(fit)
  scale <- function(x) if (is.null(x$adjusted_scale)) x$scale else x$adjusted_scale
  list(intercept = c(p$prior_intercept$location, scale(p$prior_intercept)),
       x = c(p$prior$location, scale(p$prior)),
       aux = if (is.null(p$prior_aux)) NULL else 1 / scale(p$prior_aux),
       covariance = unlist(p$prior_covariance[c("regularization", "concentration", "shape", "scale")]))
}

found <- list(
  versions = list(R = R.version.string, brms = as.character(packageVersion("brms")),
                  rstanarm = as.character(packageVersion("rstanarm"))),
  rows = rows,
  brms = list(
    gaussian = of_brms(size ~ x + (x | g), gaussian()),
    offset = of_brms(size ~ x + (x | g) + offset(w), gaussian()),
    student = of_brms(size ~ x + (x | g), student()),
    poisson = of_brms(count ~ x + (x | g), poisson()),
    negbin = of_brms(count ~ x + (x | g), negbinomial()),
    binomial = of_brms(count | trials(trials) ~ x + (x | g), binomial()),
    gamma = of_brms(size ~ x + (x | g), Gamma("log")),
    lognormal = of_brms(size ~ x + (x | g), lognormal()),
    beta = of_brms(share ~ x + (x | g), Beta("logit")),
    ordered = of_brms(answer ~ x + (x | g), cumulative("logit"))),
  rstanarm = list(
    gaussian = of_rstanarm(size ~ x + (x | g), gaussian()),
    poisson = of_rstanarm(count ~ x + (x | g), poisson()),
    binomial = of_rstanarm(cbind(count, trials - count) ~ x + (x | g), binomial()),
    probit = of_rstanarm(cbind(count, trials - count) ~ x + (x | g), binomial("probit"))))
cat(toJSON(found, digits = NA, auto_unbox = TRUE, pretty = TRUE, null = "null"), "\n")
