data {
  int<lower=1> rows;
  int<lower=1> groups;
  array[rows] int<lower=1, upper=groups> group;
  matrix[rows, 1] x; // centred
  vector[rows] w; // as it is
  real mean_x;
  $outcome
  vector[2] prior_intercept;
  vector[2] prior_slope;
  vector[2] prior_sd;
  real<lower=0> shape;
}
parameters {
  real intercept; // at the mean of x
  vector[1] slope;
  vector<lower=0>[2] sd;
  cholesky_factor_corr[2] root;
  matrix[2, groups] z;
  $own
}
model {
  matrix[groups, 2] b = (diag_pre_multiply(sd, root) * z)';
  vector[groups] b1 = b[ : , 1];
  vector[groups] b2 = b[ : , 2];
  vector[rows] eta = intercept + b1[group] + b2[group] .* w;
  intercept ~ normal(prior_intercept[1], prior_intercept[2]);
  slope ~ normal(prior_slope[1], prior_slope[2]);
  sd ~ student_t(prior_sd[1], 0, prior_sd[2]);
  root ~ lkj_corr_cholesky(shape);
  to_vector(z) ~ std_normal();
  $likelihood
}
generated quantities {
  real Intercept = intercept - slope[1] * mean_x;
  real cor = root[2, 1];
}
