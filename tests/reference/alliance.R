# Effects in a simulated survey experiment by brms: Rscript alliance.R > alliance.json
# The rows, of which the numbers that J. Alley (2023) prints were the model, go to alliance.csv.
# One outcome, 0 or 1, is fitted as Gaussian (his linear probability model) and as Bernoulli.
suppressMessages({library(brms); library(jsonlite); library(posterior)})
if (system.file("include", package = "BH") == "") { # Debian has Boost in its own place
  rstan::rstan_options(boost_lib = "/usr/include")
}

set.seed(16)
n <- 1200
two_sds <- function(x) round((x - mean(x)) / (2 * sd(x)), 4)
d <- data.frame(ally = rbinom(n, 1, 0.5), white = rbinom(n, 1, 0.72), male = rbinom(n, 1, 0.48),
                hawk = sample(1:5, n, TRUE, c(0.10, 0.20, 0.35, 0.22, 0.13)),
                intl = sample(1:5, n, TRUE, c(0.08, 0.17, 0.30, 0.28, 0.17)))
d$g <- with(d, paste0(white, male, hawk, intl))
d$hawk <- two_sds(d$hawk)
d$intl <- two_sds(d$intl)
of_group <- sapply(unique(d$g), function(g) rnorm(2) * c(0.03, 0.05))
p <- with(d, 0.49 - 0.065 * white + 0.047 * male + 0.169 * hawk + 0.185 * intl + of_group[1, g] +
  ally * (0.205 + 0.144 * white + 0.034 * male - 0.083 * hawk + 0.038 * intl + of_group[2, g]))
d$support <- rbinom(n, 1, pmin(pmax(p, 0.02), 0.98))
write.csv(d, "alliance.csv", row.names = FALSE, quote = FALSE)

priors <- c(prior(normal(0, 1), class = "Intercept"), prior(normal(0, 0.5), class = "b"),
            prior(normal(0, 1), class = "sd"), prior(lkj(2), class = "cor"))
families <- list(gaussian = gaussian(), bernoulli = bernoulli())
own <- list(gaussian = prior(normal(0, 1), class = "sigma"), bernoulli = NULL)
largest <- names(sort(-table(d$g)))[1]
smallest <- names(sort(table(d$g)))[1]

effects_of <- function(fit) { # averages within each draw of all with the treatment, less none
  diff <- posterior_epred(fit, newdata = transform(d, ally = 1)) -
    posterior_epred(fit, newdata = transform(d, ally = 0))
  rows <- c(list(effect = rep(TRUE, n)),
            setNames(lapply(0:3, function(k) d$white == k %/% 2 & d$male == k %% 2),
                     sprintf("effect[%d,%d]", 0:3 %/% 2, 0:3 %% 2)),
            setNames(lapply(c(largest, smallest), function(g) d$g == g),
                     sprintf("effect[%s]", c(largest, smallest))))
  sapply(rows, function(r) rowMeans(diff[, r, drop = FALSE]))
}

posterior_of <- function(name) {
  load <- readLines("/proc/loadavg")
  seconds <- system.time(fit <- suppressWarnings(brm(
    support ~ ally * (white + male + hawk + intl) + (1 + ally | g), d, families[[name]],
    prior = c(priors, own[[name]]), chains = 4, iter = 2000, seed = 3, refresh = 0, cores = 1,
    backend = "rstan", silent = 2, control = list(adapt_delta = 0.95))))[["elapsed"]]
  sampling <- sum(rstan::get_elapsed_time(fit$fit))
  group <- sprintf("r_g[%s,%s]", rep(c(largest, smallest), 2), rep(c("Intercept", "ally"), each = 2))
  kept <- c(rownames(fixef(fit)), NULL)
  kept <- c(paste0("b_", kept), "sd_g__Intercept", "sd_g__ally", "cor_g__Intercept__ally", group,
            if (name == "gaussian") "sigma")
  draws <- subset_draws(as_draws_array(fit), variable = kept)
  effects <- effects_of(fit)
  effects <- as_draws_array(array(effects, c(1000, 4, ncol(effects)), list(NULL, NULL, colnames(effects))))
  s <- summarise_draws(bind_draws(draws, effects), "mean", "sd", "mcse_mean", "mcse_sd", "rhat",
                       "ess_bulk")
  list(quantities = setNames(lapply(seq_len(nrow(s)), function(i) as.list(s[i, -1])), s$variable),
       seconds = list(total = seconds, sampling = sampling), load = strsplit(load, " ")[[1]][1],
       divergences = sum(subset(nuts_params(fit), Parameter == "divergent__")$Value))
}

found <- list(
  versions = list(R = R.version.string, brms = as.character(packageVersion("brms")),
                  rstan = as.character(packageVersion("rstan"))),
  largest = largest, smallest = smallest,
  posterior = sapply(names(families), posterior_of, simplify = FALSE))
cat(toJSON(found, digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
