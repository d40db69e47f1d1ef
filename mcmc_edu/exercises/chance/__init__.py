"""Examinations of programs that draw.

examining   the whole: what is looked at, in which order, and with which share of the level
relations   what must hold exactly, draw by draw
evidence    draws, and how likely they are by the right law and by those of known bugs
naming      odds that a bug has its name
closely     tests in several unknowns
places      proposals and decisions, read from the places where a submission calls its density
decisions   a program that answers yes or no
telling     draws in words
"""
