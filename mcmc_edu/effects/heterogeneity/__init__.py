"""Effects of a treatment by groups that modifiers make: model, estimates, evidence."""
