"""OFD documents, put together by hand from their parts."""

from __future__ import annotations

import pytest

from ingest.errors import DocumentError
from ingest.reading import read_document
from tests.unit.reading.shapes import Shape, assert_sound, shape_of, zipped

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(*pages: str, template: str = "") -> bytes:
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/P{n}.xml"/>' for n in range(len(pages)))
    parts = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
        f'</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID="9" BaseLoc="/Doc_0/T.xml"/></ofd:CommonData>'
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/T.xml": content(template),
    }
    return zipped({**parts, **{f"Doc_0/Pages/P{n}.xml": page for n, page in enumerate(pages)}})


def content(objects: str, before: str = "") -> str:
    return f"<ofd:Page {NS}>{before}<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"


def text(words: str, x: float, y: float) -> str:
    return (
        f'<ofd:TextObject Boundary="{x} {y} 100 5" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g {len(words) - 1} 4">'
        f"{words}</ofd:TextCode></ofd:TextObject>"
    )


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return path(f"{x0} {y0} {x1 - x0} {y1 - y0}", f"M 0 0 L {x1 - x0} {y1 - y0}")


def path(boundary: str, data: str, attributes: str = "") -> str:
    return (
        f'<ofd:PathObject Boundary="{boundary}" {attributes}><ofd:AbbreviatedData>{data}'
        "</ofd:AbbreviatedData></ofd:PathObject>"
    )


def box(x: float, y: float, width: float, height: float, attributes: str = "") -> str:
    data = f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C"
    return path(f"{x} {y} {width} {height}", data, attributes)


def read(data: bytes) -> Shape:
    document = read_document(data, "表.ofd")
    assert document.media_type == "application/ofd"
    assert_sound(document)
    return shape_of(document)


WORDS = text("自评表", 80, 20) + text("项目资金", 22, 50) + text("预算数", 62, 42) + text("18", 62, 52)


def test_lines_make_a_grid_and_the_rest_paragraphs() -> None:
    lines = box(20, 40, 80, 20) + line(60, 40, 60, 60) + line(60, 50, 100, 50)
    assert read(ofd(content(lines + WORDS))) == ["自评表", [["项目资金 (2x1)", "预算数"], ["18"]]]


def test_thin_filled_areas_are_lines_and_wide_ones_are_not() -> None:
    fill = 'Stroke="false" Fill="true"'
    lines = [
        (20, 40, 80, 0.2),
        (60, 50, 40, 0.2),
        (20, 60, 80, 0.2),
        (20, 40, 0.2, 20),
        (60, 40, 0.2, 20),
        (100, 40, 0.2, 20),
    ]
    drawn = "".join(box(*place, fill) for place in lines) + box(60, 45, 40, 15, fill)
    assert read(ofd(content(drawn + WORDS))) == ["自评表", [["项目资金 (2x1)", "预算数"], ["18"]]]


def test_templates_lie_behind_their_pages() -> None:
    pages = [content(text(f"第{n}页正文", 20, 100), '<ofd:Template TemplateID="9"/>') for n in "一二"]
    assert read(ofd(*pages, template=text("固定标题", 20, 80))) == ["固定标题", "第一页正文", "固定标题", "第二页正文"]


def test_steps_without_runs_and_scaled_text_are_placed() -> None:
    scaled = (
        '<ofd:TextObject Boundary="20 20 100 10" CTM="4 0 0 4 0 0" Size="1"><ofd:TextCode X="0" Y="1" DeltaX="1 1 9">'
        "资金到位</ofd:TextCode></ofd:TextObject>"
    )
    assert read(ofd(content(scaled))) == ["资金到 位"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ofd(content("")), "empty_document"),
        (ofd("<broken"), "damaged_file"),
        (ofd(content(WORDS))[:-60], "damaged_file"),
        (zipped({"OFD.xml": f"<ofd:OFD {NS}><ofd:DocRoot>missing.xml</ofd:DocRoot></ofd:OFD>"}), "damaged_file"),
    ],
)
def test_what_is_no_sound_document_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(data, "表.ofd")
    assert refused.value.code == code
