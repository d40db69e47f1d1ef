"""Pictures: arrays in, matplotlib axes out; nothing is shown or saved."""
