"""What is sampled: priors, transforms, test targets, and gradients held to differences."""
