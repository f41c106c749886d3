"""The command ``suffice``: parse, call the API, print."""

import os

# Before numpy is loaded. The matrices of the statistics are small, and where other work shares the
# cores, threads of BLAS wait for each other: minutes instead of seconds. Torch has threads of its
# own, which this leaves alone.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
