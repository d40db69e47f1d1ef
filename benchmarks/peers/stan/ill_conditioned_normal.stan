data {
  int<lower=1> dim;
  vector<lower=0>[dim] sd;
}
parameters {
  vector[dim] theta;
}
model {
  theta ~ normal(0, sd);
}
