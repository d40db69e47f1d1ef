"""Laws of programs that draw: how probable their draws are, if they are right or wrong.

accept_reject   propose, accept or stay, in one unknown
plane           the same in two
hidden, kept    chains with a memory
normal          rows of normal numbers
fit             whether draws follow a law
"""
