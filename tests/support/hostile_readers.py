"""A reader for worker processes that does what the document says: reads it, hangs, dies, or fills the memory."""

from __future__ import annotations

import ctypes
import os
import sys
import time

from ingest.manifest import Manifest
from ingest.records import DocumentRecord
from tests.support.small_records import small_record


def extract(data: bytes, file_name: str, manifest: Manifest | None) -> DocumentRecord:
    """Follow the order in the first word; the second one is the project's name."""
    order, _, rest = data.decode().partition(" ")
    if order == "hang":
        time.sleep(600)
    elif order == "hang-in-c":
        # Holds the interpreter's lock.
        ctypes.PyDLL(None).sleep(600)
    elif order == "exit":
        os._exit(0)
    elif order == "crash":
        ctypes.string_at(0)
    elif order == "fill":
        blocks = []
        while True:
            blocks.append(bytearray(64 * 1024 * 1024))
    elif order == "print":
        sys.stdout.write("noise of a library\n")
        sys.stdout.flush()
        os.write(1, b"more noise")
    elif order == "slow":
        time.sleep(0.05)
    return small_record(rest or order, file_name, data)
