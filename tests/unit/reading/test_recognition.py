"""Pictures of pages: lines by morphology, words by recognition."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest

from ingest.errors import DocumentError
from ingest.reading import images, read_document, recognition
from tests.unit.reading.shapes import assert_sound, shape_of

pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
numpy = pytest.importorskip("numpy")
image_module = pytest.importorskip("PIL.Image")
draw_module = pytest.importorskip("PIL.ImageDraw")


def form(*, angle: float = 0.0) -> Any:
    """A table of 2 × 2 cells, the left ones merged."""
    image = image_module.new("L", (1200, 800), 255)
    draw = draw_module.Draw(image)
    for start, end in [((100, 200), (1100, 200)), ((500, 300), (1100, 300)), ((100, 400), (1100, 400))]:
        draw.line([start, end], fill=40, width=3)
    for x in (100, 500, 1100):
        draw.line([(x, 200), (x, 400)], fill=40, width=3)
    return image.rotate(angle, fillcolor=255)


def word(text: str, left: float, top: float, score: float) -> tuple[str, float, list[list[float]]]:
    right, bottom = left + 40, top + 40
    return text, score, [[left, top], [right, top], [right, bottom], [left, bottom]]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recogniser that takes two cells for one line, and is not sure of the last word."""
    lines = [
        [word("资", 120, 230, 0.99), word("18", 620, 230, 0.99)],
        [word("9", 620, 330, 0.99), word("5", 650, 330, 0.99)],
        [word("印", 200, 600, 0.99)],
        [word("一", 800, 330, 0.9)],
    ]
    found = SimpleNamespace(word_results=lines, scores=(0.99, 0.98, 0.5, 0.9))
    monkeypatch.setattr(recognition, "_engine", lambda: lambda *_, **__: found)


def png(image: Any, kind: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_lines_of_a_picture_make_a_grid_and_words_go_into_their_cells(kind: str) -> None:
    document = read_document(png(form(), kind), "扫描.dat")
    assert (document.remarks, document.page_count) == (("ocr",), 1)
    assert document.media_type in ("image/png", "image/jpeg", "image/tiff", "image/bmp")
    assert shape_of(document) == [[["资 (2x1)", "18"], ["95 —"]], "印"]
    assert [document.text[start:end] for start, end in document.doubtful] == ["印"]
    assert_sound(document)


@pytest.mark.usefixtures("engine")
def test_a_tiff_has_a_page_for_each_picture() -> None:
    data = png(form(), "TIFF", save_all=True, append_images=[form()])
    assert read_document(data, "a.tif").page_count == 2


@pytest.mark.parametrize("angle", [-2.0, 0.6, 3.0])
def test_a_page_that_lay_askew_is_straightened(angle: float) -> None:
    straight = recognition._straightened(numpy.asarray(form(angle=angle)))
    horizontal, vertical = recognition._rules(straight, 0.72)
    assert len(horizontal) == 3
    assert len(vertical) == 3


def test_words_are_recognised() -> None:
    image = form()
    font = pytest.importorskip("PIL.ImageFont").load_default(60)
    draw_module.Draw(image).text((620, 215), "18.05", fill=0, font=font)
    assert shape_of(read_document(png(image), "a.png")) == [[[" (2x1)", "18.05"], [""]]]


def test_without_the_extra_the_way_to_install_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "is_installed", lambda: False)
    with pytest.raises(DocumentError, match=r"fundperf\[ocr\]") as refused:
        read_document(png(form()), "扫描.png")
    assert refused.value.code == "ocr_not_installed"
    assert "fundperf[ocr]" in refused.value.zh


@pytest.mark.usefixtures("engine")
def test_damaged_and_huge_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = []
    for data in (png(form())[:300], b"\xff\xd8\xff" + bytes(100)):
        with pytest.raises(DocumentError) as refused:
            read_document(data, "a.png")
        codes.append(refused.value.code)
    monkeypatch.setattr(images, "MOST_PIXELS", 100)
    with pytest.raises(DocumentError) as refused:
        read_document(png(form()), "a.png")
    assert [*codes, refused.value.code] == ["damaged_file", "damaged_file", "too_large"]
