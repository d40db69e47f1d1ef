"""A log density, plain Python or compiled, made ready for every chain.

bound         the density with its data: `bind`
callables     the density as a function of theta alone, for samplers of one's own
arguments     how many arguments it takes: has it a gradient?
adapters      the three lines between it and a chain
callees       it is compiled with the functions that it calls
references    the functions and modules that a function refers to
writing       does it write into what it is given?
parallel      does it run in threads of its own?
object_mode   it runs as Python where it cannot be compiled
"""
