"""PDF → Document: page by page through pdfium; pages that are pictures go through recognition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.reading.building import DocumentBuilder
from ingest.reading.document import Document
from ingest.reading.failures import damaged_file, password_protected
from ingest.reading.layout import Page, lay_out
from ingest.reading.pages import add_pages, refuse_too_many
from ingest.reading.pdfium import PdfiumPage
from ingest.reading.recognition import is_installed, ocr_not_installed, recognise

if TYPE_CHECKING:
    import pypdfium2

MEDIA_TYPE = "application/pdf"
_NAME = "PDF"
_SCAN_DPI = 200
_POINTS_PER_INCH = 72
_MOST_PIXELS = 40_000_000
# A stamp, a page number or a scanner's own mark is not yet a page with text.
_FEWEST_CHARACTERS = 10


def read_pdf(data: bytes, file_name: str) -> Document:
    """Read a PDF: ruled tables as grids, the text around them as paragraphs.

    Pages that only hold a picture are recognised when the extra `ocr` is installed; without it they are left out with
    the remark `pages_without_text`, and a file of such pages only is refused.

    Raises:
        DocumentError: `damaged_file`, `password_protected`, `too_large`, `ocr_not_installed` or `empty_document`.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise password_protected(file_name, _NAME) from error
        raise damaged_file(file_name, _NAME) from error
    with pdf:
        refuse_too_many(len(pdf), file_name)
        builder = DocumentBuilder(data, file_name, MEDIA_TYPE)
        reader = _Reader(builder, file_name)
        pages = [reader.page(pdf, index) for index in range(len(pdf))]
        if reader.unread and not any(page.items for page in pages):
            raise ocr_not_installed(file_name)
        add_pages(builder, pages)
        return builder.build(page_count=len(pdf))


class _Reader:
    """Reads the pages of one PDF; `unread` counts pictures that were left out."""

    def __init__(self, builder: DocumentBuilder, file_name: str) -> None:
        self._builder = builder
        self._file_name = file_name
        self.unread = 0

    def page(self, pdf: pypdfium2.PdfDocument, index: int) -> Page:
        """What one page shows."""
        import pypdfium2

        try:
            opened = pdf[index]
        except pypdfium2.PdfiumError as error:
            raise damaged_file(self._file_name, _NAME, f"page {index + 1}", place_zh=f"第 {index + 1} 页") from error
        try:
            page = PdfiumPage(opened)
            glyphs = page.glyphs()
            if len(glyphs) < _FEWEST_CHARACTERS and page.has_picture():
                scanned = self._scanned(opened, index + 1)
                if scanned is not None:
                    return scanned
            return lay_out(index + 1, page.box(), glyphs, *page.rules())
        finally:
            opened.close()

    def _scanned(self, page: pypdfium2.PdfPage, number: int) -> Page | None:
        if not is_installed():
            self.unread += 1
            self._builder.add_remark("pages_without_text")
            return None
        self._builder.add_remark("ocr")
        width, height = page.get_size()
        most = (_MOST_PIXELS / max(width * height, 1)) ** 0.5
        scale = min(_SCAN_DPI / _POINTS_PER_INCH, most)
        picture = page.render(scale=scale, grayscale=True).to_numpy()
        return recognise(picture, number, points_per_pixel=1 / scale)
