"""Word documents, put together by hand from their parts."""

from __future__ import annotations

import pytest

from ingest.errors import DocumentError
from ingest.reading import read_document
from tests.unit.reading.shapes import Shape, assert_sound, shape_of, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
ALL = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def docx(body: str, **parts: str) -> bytes:
    content = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {ALL}><w:body>{body}</w:body></w:document>",
    }
    return zipped({**content, **{f"word/{name}.xml": part for name, part in parts.items()}})


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def read(body: str, **parts: str) -> Shape:
    document = read_document(docx(body, **parts), "表.doc")
    assert_sound(document)
    return shape_of(document)


def test_merged_cells_keep_their_reach() -> None:
    table = (
        "<w:tbl><w:tr>"
        + tc("项目资金", '<w:vMerge w:val="restart"/>')
        + tc("预算", '<w:gridSpan w:val="2"/>')
        + "</w:tr><w:tr>"
        + tc("", "<w:vMerge/>")
        + tc("年初")
        + tc("18")
        + "</w:tr><w:tr>"
        + tc("执行率")
        + tc("95%", '<w:gridSpan w:val="2"/>')
        + "</w:tr></w:tbl>"
    )
    assert read(p("自评表") + table) == [
        "自评表",
        [["项目资金 (2x1)", "预算 (1x2)"], ["年初", "18"], ["执行率", "95% (1x2)"]],
    ]


def test_two_merges_in_one_column_stay_apart() -> None:
    rows = [
        ("a", '<w:vMerge w:val="restart"/>'),
        ("", "<w:vMerge/>"),
        ("b", '<w:vMerge w:val="restart"/>'),
        ("", "<w:vMerge/>"),
    ]
    table = "".join(f"<w:tr>{tc(text, merge)}{tc(str(n))}</w:tr>" for n, (text, merge) in enumerate(rows))
    assert read(f"<w:tbl>{table}</w:tbl>") == [[["a (2x1)", "0"], ["1"], ["b (2x1)", "2"], ["3"]]]


def test_insertions_are_kept_and_deletions_dropped() -> None:
    body = (
        "<w:p><w:r><w:t>支出</w:t></w:r><w:del><w:r><w:delText>20</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>18</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>万元</w:t></w:r></w:moveTo></w:p>"
        f"<w:tbl><w:tr>{tc('a')}{tc('b')}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{tc('c')}{tc('d')}</w:tr></w:tbl>"
    )
    assert read(body) == ["支出18万元", [["a", "b"]]]


def test_hidden_text_field_codes_and_notes_are_not_printed() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    )
    assert read(body) == ["显"]


def test_breaks_tabs_and_no_break_hyphens() -> None:
    body = (
        '<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>'
        "<w:r><w:t>一</w:t><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t><w:noBreakHyphen/></w:r></w:p>"
    )
    assert read(body) == ["一 二", "三-"]


def test_text_boxes_come_once_behind_their_paragraph() -> None:
    box = f"<w:txbxContent>{p('框内')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>段落</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'>"
        f"<wps:txbx>{box}</wps:txbx></mc:Choice><mc:Fallback><v:textbox>{box}</v:textbox></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert read(body) == ["段落", "框内"]


def test_content_controls_are_opened_and_boxes_ticked() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{p('控件')}</w:sdtContent></w:sdt>"
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>"
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t>'
        '<w:sym w:font="Wingdings 2" w:char="00A3"/><w:t>否</w:t></w:r>'
        '<w:r><w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr><w:t>R</w:t></w:r><w:r><w:t>新</w:t></w:r>'
        '<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData></w:fldChar></w:r>'
        '<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val="1"/>'
        '<w:checked w:val="0"/></w:checkBox></w:ffData></w:fldChar></w:r>'
        "</w:p>"
        f"<w:tbl><w:sdt><w:sdtContent><w:tr>{tc('a')}"
        f"<w:sdt><w:sdtContent>{tc('b')}</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt></w:tbl>"
    )
    assert read(body) == ["控件", "☒☑是□否☑新☑□", [["a", "b"]]]


def test_a_table_within_a_cell_comes_once() -> None:
    inner = f"<w:tbl><w:tr>{tc('预算数')}{tc('18')}</w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{p('自评')}{inner}{p('')}</w:tc></w:tr></w:tbl>"
    assert read(outer) == ["自评", [["预算数", "18"]]]


def number(num_id: int, level: int = 0) -> str:
    return f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr></w:pPr>'


def level(n: int, kind: str, text: str) -> str:
    return f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'


NUMBERING = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">'
    + level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="8">'
    + level(0, "bullet", "\uf06c")
    + level(1, "decimalEnclosedCircle", "%2")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="7"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="8"/></w:num></w:numbering>'
)


def test_automatic_numbers_are_printed() -> None:
    items = [("概况", 1, 0), ("立项", 1, 1), ("依据", 1, 2), ("目标", 1, 1), ("资金", 1, 0), ("到位", 1, 1)]
    items += [("项", 2, 0), ("点", 3, 0), ("圈", 3, 1)]
    body = "".join(p(text, number(num_id, depth)) for text, num_id, depth in items)
    assert read(body, numbering=NUMBERING) == [
        "一、概况", "（一）立项", "1. 依据", "（二）目标", "二、资金", "（一）到位", "五、项", "点", "① 圈",
    ]  # fmt: skip


def test_numbers_come_from_styles_too() -> None:
    styles = (
        f'<w:styles {W}><w:style w:styleId="base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="h1"><w:basedOn w:val="base"/></w:style>'
        '<w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style></w:styles>'
    )
    off = '<w:pPr><w:pStyle w:val="h1"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>'
    body = (
        p("概况", '<w:pPr><w:pStyle w:val="h1"/></w:pPr>')
        + p("无号", off)
        + p("圈", '<w:pPr><w:pStyle w:val="loop"/></w:pPr>')
    )
    assert read(body, numbering=NUMBERING, styles=styles) == ["一、概况", "无号", "圈"]


def test_strict_documents_and_other_part_names_are_read() -> None:
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
        'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" '
        'Target="/word/main2.xml"/></Relationships>'
    )
    main = f"<w:document {STRICT}><w:body>{p('严格')}</w:body></w:document>"
    data = zipped({"[Content_Types].xml": "<Types/>", "_rels/.rels": links, "word\\main2.xml": main})
    assert shape_of(read_document(data, "a.docx")) == ["严格"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (docx("")[:-40], "damaged_file"),
        (docx("")[:200], "damaged_file"),
        (docx(""), "empty_document"),
        (zipped({"[Content_Types].xml": "", "word/document.xml": "<w:document"}), "damaged_file"),
        (zipped({"[Content_Types].xml": "", "word/document.xml": "<other/>"}), "damaged_file"),
        (zipped({"[Content_Types].xml": "", "word/other.xml": ""}), "damaged_file"),
        (docx("<w:p>" * 300 + "</w:p>" * 300), "damaged_file"),
        (docx(p("x" * 11_000_000)), "too_large"),
    ],
)
def test_what_is_no_sound_document_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(data, "表.docx")
    assert refused.value.code == code
    assert refused.value.zh.startswith("表.docx：")


def test_entities_are_never_resolved() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for kind in (f'<!ENTITY l0 "lol">{bomb}', '<!ENTITY l9 SYSTEM "file:///etc/passwd">'):
        main = f"<!DOCTYPE d [{kind}]><w:document {W}><w:body>{p('&l9;')}</w:body></w:document>"
        with pytest.raises(DocumentError) as refused:
            read_document(zipped({"[Content_Types].xml": "", "word/document.xml": main}), "a.docx")
        assert refused.value.code == "damaged_file"


def test_a_bomb_is_refused_while_it_inflates() -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(docx(" " * 60_000_000), "a.docx")
    assert refused.value.code == "too_large"
