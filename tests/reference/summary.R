# What sleepstudy.R and funding.R keep of a fit: moments with their Monte Carlo standard errors, LOO,
# what it was made with.
library(posterior)
library(jsonlite)

versions <- function(...) {
  names <- c(...)
  c(R = R.version.string, sapply(names, function(name) as.character(packageVersion(name))))
}

of_quantity <- function(x) {
  list(
    mean = mean(x), sd = sd(x), mcse_mean = mcse_mean(x), mcse_sd = mcse_sd(x),
    ess_bulk = ess_bulk(x), ess_tail = ess_tail(x), rhat = rhat(x)
  )
}

write_summary <- function(file, fit, draws, package, seed, leave_out, about) {
  draws <- as_draws_array(draws)
  names <- setdiff(variables(draws), leave_out)
  moments <- lapply(names, function(name) of_quantity(extract_variable_matrix(draws, name)))
  names(moments) <- names
  left_out <- loo(fit)
  sampling <- rstan::get_sampler_params(fit[[if (package == "brms") "fit" else "stanfit"]], FALSE)
  divergent <- sum(sapply(sampling, function(chain) sum(chain[, "divergent__"])))
  write_json(
    list(
      about = about, draws = ndraws(draws), chains = nchains(draws), seed = seed,
      divergent = divergent, versions = as.list(versions(package, "rstan", "posterior", "loo")),
      posterior = moments,
      loo = list(
        elpd = left_out$estimates["elpd_loo", "Estimate"],
        se = left_out$estimates["elpd_loo", "SE"],
        p = left_out$estimates["p_loo", "Estimate"],
        pointwise = left_out$pointwise[, "elpd_loo"],
        mcse = left_out$pointwise[, "mcse_elpd_loo"],
        pareto_k = left_out$diagnostics$pareto_k
      )
    ),
    file, digits = I(8), auto_unbox = TRUE, pretty = TRUE
  )
}
