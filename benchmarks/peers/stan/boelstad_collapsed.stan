// Sums over each group's rows; the lines are integrated out (the algebra is in ../protocol.py).
data {
  int<lower=1> groups;
  vector[groups] n;
  vector[groups] x;
  vector[groups] y;
  vector[groups] xx;
  vector[groups] xy;
  vector[groups] yy;
}
parameters {
  real mu_alpha;
  real mu_beta;
  real<lower=0, upper=10> sigma_alpha;
  real<lower=0, upper=10> sigma_beta;
  real<lower=0, upper=10> sigma;
}
model {
  real v = square(sigma);
  vector[groups] h11 = 1 + square(sigma_alpha) / v * n;
  vector[groups] h12 = sigma_alpha * sigma_beta / v * x;
  vector[groups] h22 = 1 + square(sigma_beta) / v * xx;
  vector[groups] determinant = h11 .* h22 - square(h12);
  vector[groups] q1 = sigma_alpha * (y - mu_alpha * n - mu_beta * x);
  vector[groups] q2 = sigma_beta * (xy - mu_alpha * x - mu_beta * xx);
  vector[groups] rr = yy - 2 * mu_alpha * y - 2 * mu_beta * xy + square(mu_alpha) * n
                      + 2 * mu_alpha * mu_beta * x + square(mu_beta) * xx;
  vector[groups] explained
    = (h22 .* square(q1) - 2 * h12 .* q1 .* q2 + h11 .* square(q2)) ./ (determinant * v);
  mu_alpha ~ normal(0, 3);
  mu_beta ~ normal(0, 3);
  target += -0.5 * (sum(n) * log(v) + sum(log(determinant)) + sum(rr - explained) / v);
}
