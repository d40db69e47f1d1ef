"""A submission is never trusted: it runs in a process of its own, which returns values only.

    process     ask a submission, with time limits; end it
    warden      the parent of its process: nothing that it started is left (Linux)
    child       the process itself: loads the submission and calls it
    confine     limits that the operating system keeps
    densities   log densities that it is given
    codec       messages: JSON with arrays

What is contained: loops without end, crashes, exits, memory, files, output, processes, signals,
replaced functions of other modules.  Not contained: reading files, where the operating system lets
its user read them; and outside Linux, anything but time.
"""

from .process import Answer, Ended, Limits, Raised, Reply, Submission

__all__ = ["Answer", "Ended", "Limits", "Raised", "Reply", "Submission"]
