# Design matrices of lme4 (X, Z, levels, offset) for test_design.py: Rscript lme4_designs.R
suppressMessages(library(lme4))
library(jsonlite)

data <- data.frame(
  y = c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8),
  x = c(1, 2, 3, 4, 5, 6, 7, 9, 2, 4, 1, 3),
  z = c(2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5),
  a = strsplit("uvwuvwuvwuuw", "")[[1]],
  b = strsplit("ppqqppqqqpqp", "")[[1]],
  k = c(10, 2, 3, 10, 2, 3, 10, 2, 3, 2, 10, 3),
  g = strsplit("ABCDABCDDABC", "")[[1]]
)
terms <- c(
  "(1 | g)", "0 + offset(x) + (1 | g)", "(1 | g/k)", "(1 | k) + (1 | g)", "x + (x | g)",
  "x + (x || g)", "x * z + (x * z | g)", "(0 + x | k) + (1 | k)", "(1 | k:b) + (1 | g)",
  "b + (0 + b | g)", "a * b + (b | k)", "0 + a * x + (a:x | g)", "a / x + (1 | g)",
  "b + b:x + (x - 1 | g)", "(x + z + b)^2 - x:z + (1 | g)", "factor(k) * x + (factor(k) | g)",
  "poly(x, 2) + scale(z) + (log(x) | g)", "I(x^2) + sqrt(z) + offset(log(x)) + offset(z) + (1 | g)"
)
free <- c("check.nobs.vs.nlev", "check.nobs.vs.nRE", "check.nobs.vs.rankZ", "check.rankX", "check.scaleX")
control <- do.call(lmerControl, setNames(as.list(rep("ignore", length(free))), free))

design <- function(term) {
  made <- lFormula(as.formula(paste("y ~", term)), data, control = control)
  offset <- model.offset(made$fr)
  list(
    terms = term,
    common = I(lapply(seq_len(ncol(made$X)), function(j) unname(made$X[, j]))),
    varying = I(unname(apply(as.matrix(made$reTrms$Zt), 1, identity, simplify = FALSE))),
    offset = if (is.null(offset)) rep(0, nrow(data)) else as.numeric(offset)
  )
}
source <- paste("lme4", packageVersion("lme4"), "in", R.version.string)
write_json(
  list(source = source, data = data, designs = lapply(terms, design)), "lme4_designs.json",
  digits = 15, dataframe = "columns", auto_unbox = TRUE
)
