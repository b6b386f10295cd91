"""Reports of a judged run: a page, JUnit XML and the terminal. They read a run folder and a `Result`, nothing else.

Import the module you need; this package imports none of them, so that `lab` does not pay for what it does not use.
"""
