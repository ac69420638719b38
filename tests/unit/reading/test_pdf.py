"""PDF files, written by hand."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from ingest.errors import DocumentError
from ingest.reading import pages, read_document
from ingest.reading import pdf as pdf_reader
from ingest.reading.layout import Page
from tests.unit.reading.shapes import assert_sound, shape_of

LOCKED = Path(__file__).parents[2] / "fixtures" / "reading" / "locked.pdf"


def pdf(*contents: str, page: str = "", resources: str = "", objects: dict[int, bytes] | None = None) -> bytes:
    """A PDF with a page for each content stream; texts are in Helvetica as /F."""
    bodies: dict[int, bytes] = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    kids = " ".join(f"{10 + 2 * n} 0 R" for n in range(len(contents)))
    bodies[2] = f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode()
    bodies[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    for n, content in enumerate(contents):
        bodies[10 + 2 * n] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {11 + 2 * n} 0 R {page} "
            f"/Resources << /Font << /F 3 0 R >> {resources} >> >>"
        ).encode()
        bodies[11 + 2 * n] = stream(content.encode())
    bodies.update(objects or {})
    out, places = b"%PDF-1.4\n", {}
    for number, body in sorted(bodies.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = "".join(f"{places[n]:010d} 00000 n \n" if n in places else "0000000000 65535 f \n" for n in range(100))
    return out + f"xref\n0 100\n{table}trailer << /Size 100 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF".encode()


def stream(data: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode %b >>\nstream\n%b\nendstream" % (len(packed), entries.encode(), packed)


def say(text: str, x: float, y: float, size: int = 12) -> str:
    return f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET "


# Two rows: a cell over both, then two cells.
WORDS = (
    say("Fund", 60, 640)
    + say("18.00", 210, 665)
    + say("95%", 210, 625)
    + say("Title of it", 60, 740)
    + say("End", 60, 500)
)
DRAWN = "50 600 300 80 re S 200 600 m 200 680 l S 200 640 m 350 640 l S "
FILLED = "".join(
    f"{x} {y} {w} {h} re f "
    for x, y, w, h in [
        (50, 600, 1, 80),
        (200, 600, 1, 80),
        (350, 600, 1, 80),
        (50, 600, 300, 1),
        (50, 680, 301, 1),
        (200, 640, 150, 1),
    ]
)
SHAPE = ["Title of it", [["Fund (2x1)", "18.00"], ["95%"]], "End"]


@pytest.mark.parametrize("lines", [DRAWN, FILLED, FILLED.replace("re f", "re") + "f ", "0.5 w " + DRAWN])
def test_ruled_tables_are_grids_however_their_lines_are_drawn(lines: str) -> None:
    document = read_document(pdf(lines + WORDS), "表.doc")
    assert (document.media_type, document.page_count) == ("application/pdf", 1)
    assert shape_of(document) == SHAPE
    assert [block.page for block in document.blocks] == [1, 1, 1]
    assert_sound(document)


def test_areas_filled_with_a_colour_and_invisible_paths_are_no_lines() -> None:
    fills = "0.9 g 200 640 150 40 re f 0 g 50 620 m 350 620 l n "
    assert shape_of(read_document(pdf(fills + DRAWN + WORDS), "a.pdf")) == SHAPE


@pytest.mark.parametrize(
    ("degrees", "matrix"), [(90, "0 1 -1 0 600 0"), (180, "-1 0 0 -1 600 800"), (270, "0 -1 1 0 0 800")]
)
def test_a_turned_page_is_read_as_it_is_shown(degrees: int, matrix: str) -> None:
    data = pdf(f"q {matrix} cm {DRAWN}{WORDS} Q", page=f"/Rotate {degrees}")
    assert shape_of(read_document(data, "a.pdf")) == SHAPE


def test_what_is_drawn_within_forms_counts() -> None:
    form = stream(
        (DRAWN + WORDS).encode(),
        "/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >>",
    )
    data = pdf("q 0.5 0 0 0.5 10 10 cm /X Do Q", resources="/XObject << /X 50 0 R >>", objects={50: form})
    assert shape_of(read_document(data, "a.pdf")) == SHAPE


def test_letters_printed_twice_to_look_bold_come_once() -> None:
    assert shape_of(read_document(pdf(say("Bold 100", 60, 700) + say("Bold 100", 60.4, 700)), "a.pdf")) == ["Bold 100"]


def test_bytes_before_the_head_do_no_harm() -> None:
    assert shape_of(read_document(b"\r\n\r\n" + pdf(DRAWN + WORDS), "a.pdf")) == SHAPE


SCAN = stream(
    b"\xff" * 64, "/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8"
)
PICTURE = "q 600 0 0 800 0 0 cm /X Do Q"


def scanned(*contents: str) -> bytes:
    return pdf(*contents, resources="/XObject << /X 50 0 R >>", objects={50: SCAN})


def test_a_scan_without_the_extra_is_refused_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reader, "is_installed", lambda: False)
    with pytest.raises(DocumentError, match=r'pip install "fundperf\[ocr\]"') as refused:
        read_document(scanned(PICTURE), "a.pdf")
    assert refused.value.code == "ocr_not_installed"


def test_scanned_pages_between_others_are_remarked_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reader, "is_installed", lambda: False)
    document = read_document(scanned(PICTURE, WORDS), "a.pdf")
    assert document.remarks == ("pages_without_text",)
    assert document.blocks[0].page == 2


def test_scanned_pages_are_recognised_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def recognise(picture: object, number: int, points_per_pixel: float) -> Page:
        seen.append((number, round(points_per_pixel * 200)))
        return Page(number, (0, 0, 600, 800), [])

    monkeypatch.setattr(pdf_reader, "is_installed", lambda: True)
    monkeypatch.setattr(pdf_reader, "recognise", recognise)
    assert read_document(scanned(WORDS, PICTURE), "a.pdf").remarks == ("ocr",)
    assert seen == [(2, 72)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (LOCKED.read_bytes(), "password_protected"),
        (b"%PDF-1.7\nnothing", "damaged_file"),
        (pdf(WORDS)[:300], "damaged_file"),
        (pdf(""), "empty_document"),
        (pdf(WORDS).replace(b"/Count 1", b"/Count 3"), "damaged_file"),
    ],
)
def test_what_is_no_sound_pdf_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(data, "表.pdf")
    assert refused.value.code == code
    assert refused.value.en.removeprefix("表.pdf").isascii()


def test_a_pdf_beyond_the_limit_of_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_PAGES", 1)
    with pytest.raises(DocumentError) as refused:
        read_document(pdf(WORDS, WORDS), "表.pdf")
    assert refused.value.code == "too_large"
