# Writes rstream.json: numbers of R's default generator that tests/test_rstream.py compares bit for
# bit.  Run: Rscript rstream.R > rstream.json   (the file in this folder: R 4.2.2, x86-64, glibc)
num <- function(x) paste0('[', paste(sprintf('"%a"', x), collapse = ', '), ']')
int <- function(x) paste0('[', paste(x, collapse = ', '), ']')
one <- function(seed) {
  set.seed(seed)
  parts <- c(
    paste0('"rnorm": ', num(rnorm(5))),
    paste0('"runif": ', num(runif(3))),
    paste0('"sample_1000": ', int(sample(1000)[1:5])),
    paste0('"sample_70000_5": ', int(sample(70000, 5))),
    paste0('"sample_7_6_replace": ', int(sample(7, 6, TRUE))),
    paste0('"rnorm_3_0.7": ', num(rnorm(5, 3, 0.7))),
    paste0('"rnorm_sd_0": ', num(rnorm(3, 1, c(0, 1, 0)))),
    paste0('"sample_2e7_4": ', int(sample(2e7, 4))),
    paste0('"sample_1": ', int(sample(1))),
    paste0('"runif_-2_5": ', num(runif(2, -2, 5))))
  paste0('"', seed, '": {', paste(parts, collapse = ',\n  '), '}')
}
p <- c(10^-(1:20), 1e-300, 0.0749999, 0.075, 0.5, 0.925, 0.93, 1 - 10^-(1:12))
set.seed(5); z <- rnorm(1e5)
cat('{"seeds": {', paste(sapply(c(1, 42, 0, -7, 123456789, 2147483647), one), collapse = ',\n'),
    '},\n"p": ', num(p), ',\n"qnorm": ', num(qnorm(p)),
    ',\n"seed_5_every_997th_of_1e5": ', num(z[seq(997, 1e5, by = 997)]), '}\n', sep = '')
