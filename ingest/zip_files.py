"""What all zip files have in common, be they archives of files or one document that is a package."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip file begins: with its first member, or with the end of its directory when it has none."""
IS_ENCRYPTED = 0x1
"""The bit of a member's flags (`ZipInfo.flag_bits`) that says it opens with a password."""
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    IndexError,
    OverflowError,
    # A NotImplementedError too: a version or a way of compressing that `zipfile` does not know.
    RuntimeError,
)
"""What comes out of a directory or a member that is not what it claims to be."""
