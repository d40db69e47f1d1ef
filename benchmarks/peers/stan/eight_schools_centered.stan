data {
  int<lower=1> schools;
  vector[schools] y;
  vector<lower=0>[schools] sd;
}
parameters {
  real mu;
  real<lower=0> tau;
  vector[schools] theta;
}
model {
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
  theta ~ normal(mu, tau);
  y ~ normal(theta, sd);
}
