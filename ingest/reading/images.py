"""Pictures of a document (png, jpg, tiff, bmp, gif) → Document, through recognition."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

from ingest.reading.building import DocumentBuilder
from ingest.reading.document import Document
from ingest.reading.failures import damaged_file, too_large
from ingest.reading.pages import add_pages
from ingest.reading.recognition import is_installed, ocr_not_installed, recognise

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 60_000_000
"""A sheet of A3 at 400 dpi has 31 million."""
MOST_FRAMES = 200
_BITMAP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
# An A4 page is 842 points high: whatever resolution a picture claims, its page is about that.
_PAGE_HEIGHT = 842


def is_bitmap(data: bytes) -> bool:
    """Whether the bytes are a Windows bitmap: its two letters alone may begin any text."""
    return data[:2] == b"BM" and len(data) > 26 and struct.unpack_from("<I", data, 14)[0] in _BITMAP_HEADERS


def read_image(data: bytes, file_name: str) -> Document:
    """Read a picture of a page, or a TIFF with one picture a page.

    Raises:
        DocumentError: `ocr_not_installed`, `damaged_file`, `too_large` or `empty_document` (nothing legible in it).
    """
    if not is_installed():
        raise ocr_not_installed(file_name)
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            builder = DocumentBuilder(data, file_name, str(image.get_format_mimetype()))
            frames = min(getattr(image, "n_frames", 1), MOST_FRAMES) if image.format == "TIFF" else 1
            pages = []
            for frame in range(frames):
                image.seek(frame)
                pages.append(recognise(_pixels(image, file_name), frame + 1, _points_per_pixel(image)))
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise damaged_file(file_name, "image") from error
    builder.add_remark("ocr")
    add_pages(builder, pages)
    return builder.build(page_count=frames)


def _pixels(image: Image, file_name: str) -> Any:
    import numpy

    if image.width * image.height > MOST_PIXELS:
        raise too_large(file_name, zh="图片像素", en="the pixels of the picture are", limit=f"{MOST_PIXELS:,}")
    return numpy.asarray(image.convert("L"))


def _points_per_pixel(image: Image) -> float:
    return _PAGE_HEIGHT / max(image.width, image.height)
