data {
  int<lower=1> rows;
  int<lower=1> groups;
  vector[rows] y;
  vector[rows] x;
  array[rows] int<lower=1, upper=groups> group;
}
parameters {
  real mu_alpha;
  real mu_beta;
  real<lower=0, upper=10> sigma_alpha;
  real<lower=0, upper=10> sigma_beta;
  real<lower=0, upper=10> sigma;
  vector[groups] alpha;
  vector[groups] beta;
}
model {
  mu_alpha ~ normal(0, 3);
  mu_beta ~ normal(0, 3);
  alpha ~ normal(mu_alpha, sigma_alpha);
  beta ~ normal(mu_beta, sigma_beta);
  y ~ normal(alpha[group] + beta[group] .* x, sigma);
}
