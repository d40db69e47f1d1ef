data {
  int<lower=1> schools;
  vector[schools] y;
  vector<lower=0>[schools] sd;
}
parameters {
  real mu;
  real<lower=0> tau;
  vector[schools] z;
}
transformed parameters {
  vector[schools] theta = mu + tau * z;
}
model {
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
  z ~ std_normal();
  y ~ normal(theta, sd);
}
