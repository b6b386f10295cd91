"""`python -m grader.cli` is `lab`."""

from grader.cli import main

main()
