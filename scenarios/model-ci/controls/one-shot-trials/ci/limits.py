"""The bounds of the brief's table, and how long the gate waits."""

LOAD_S = 1.5
CALL_S = 1.5  # a call that takes longer is one that never comes back; what is slow takes milliseconds
TRIAL_S = 4.5  # the backstop of a whole trial, for what the kernel does not end
RUN_S = 7.0  # of the 8 s that a run has

TIMED = 40  # calls with one row that are timed
CALLS = 100  # calls with one row before memory is read again
TIMES = 3.0
DOUBTFUL = (2.0, 6.0)  # nothing is truly between these: a ratio here is the machine's noise, so measure again
MORE_MB = 20.0
POINTS = 0.03
SLICE_POINTS = 0.15
SLICE_ROWS = 40
SAME = 0.01
SMOKE_FAILED = 0.1
