"""What the exit code of the command says."""

DONE, FAILED, USAGE, PEOPLE_NEEDED, BUSY = range(5)
