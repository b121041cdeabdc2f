"""A hands-free voice coach for self facial massage, wholly offline."""

import os

# For matrices as small as ours, threads of numpy's only wait for each other: on a busy machine a
# sentence took twenty times as long with two as with one. It is read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
