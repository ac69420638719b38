"""Web pages: the report stays, the site around it goes."""

from __future__ import annotations

import pytest

from ingest.errors import DocumentError
from ingest.reading import read_document
from tests.unit.reading.shapes import Shape, assert_sound, shape_of

REPORT = "<p>本项目年初预算18万元，全年执行17.1万元，执行率95%。</p>"
FORM = (
    "<table><tr><td>年度资金总额</td><td>18</td><td>17.1</td></tr>"
    "<tr><td>其中：财政拨款</td><td>18</td><td>17.1</td></tr></table>"
)


def read(html: str | bytes, name: str = "表.html") -> Shape:
    document = read_document(html.encode() if isinstance(html, str) else html, name)
    assert document.media_type == "text/html"
    assert_sound(document)
    return shape_of(document)


def test_paragraphs_breaks_and_spaces_are_as_a_browser_shows_them() -> None:
    html = "<div>一、\n 概况<br>正文 <b>18</b>\n万元</div><p>a\n  b&nbsp;&nbsp;c</p><pre>x\ny</pre>"
    assert read(html) == ["一、概况", "正文 18 万元", "a b  c", "x", "y"]


def test_spans_are_resolved() -> None:
    html = (
        "<table><caption>表1</caption><thead><tr><th rowspan=2>指标</th><th colspan='2'>数值</th></tr></thead>"
        "<tbody><tr><td>目标</td><td>完成</td></tr><tr><td rowspan=0>a</td><td>1</td><td>2</td></tr>"
        "<tr><td>3</td><td>4</td></tr></tbody></table>"
    )
    assert read(html) == ["表1", [["指标 (2x1)", "数值 (1x2)"], ["目标", "完成"], ["a (2x1)", "1", "2"], ["3", "4"]]]


def test_a_table_for_layout_is_opened() -> None:
    assert read(f"<table><tr><td>{REPORT}{FORM}</td></tr></table>") == read(REPORT + FORM)


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "utf-8", "big5"])
def test_the_announced_charset_is_used(charset: str) -> None:
    text = "項目資金" if charset == "big5" else "项目资金"
    html = f"<html><head><meta http-equiv=Content-Type content='text/html; charset={charset}'></head><p>{text}</p>"
    assert read(html.encode(charset)) == [text]


def test_a_wrong_announcement_is_not_believed() -> None:
    assert read(f"<html><meta charset='utf-8'>{REPORT}".encode("gb18030")) == [REPORT[3:-4]]
    assert read(b"\xff\xfe" + f"<html>{REPORT}".encode("utf-16-le")) == [REPORT[3:-4]]


SITE = f"""<!DOCTYPE html><html><head>
<title>2023年金保工程绩效自评报告_某县人民政府</title><style>p{{}}</style></head><body>
<div class="header"><div class="logo"><a href="/">某县人民政府</a></div><ul class="nav"><li><a href="/a">首页</a></li>
<li><a href="/b">政务公开</a></li></ul></div>
<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/b">预决算</a> &gt; <a href="/c">绩效</a></div>
<ul><li><a href="/1">通知公告</a></li><li><a href="/2">办事指南</a></li><li><a href="/3">互动交流</a></li></ul>
<div class="article"><h1>2023年金保工程绩效自评报告</h1>
<div class="info">发布日期：2024-03-01 来源：某县人社局
字体：[<a href="javascript:big()">大</a> <a href="javascript:small()">小</a>]</div>
<div id="print-content"><form><script>var a=1</script>{REPORT}{FORM}<p style="display:none">隐藏的字</p>
<p>附件：<a href="/files/form.docx">绩效自评表.docx</a></p></form></div>
<div><a href="javascript:window.print()">打印</a> | <a href="javascript:window.close()">关闭</a></div>
<div class="bdsharebuttonbox">分享到：<a href="#" onclick="s()">微信</a></div></div>
<div class="prevnext">上一篇：<a href="/8">某某通知</a> 下一篇：<a href="/9">另一通知</a></div>
<footer><p>主办：某县人民政府办公室 备案号12345</p><p><a href="/map">网站地图</a></p></footer></body></html>"""


def test_a_site_is_taken_off_and_the_report_stays() -> None:
    shape = read(SITE)
    assert shape[0] == "2023年金保工程绩效自评报告"
    assert str(shape[1]).startswith("发布日期：2024-03-01 来源：某县人社局")
    assert shape[2:] == [
        REPORT[3:-4],
        [["年度资金总额", "18", "17.1"], ["其中：财政拨款", "18", "17.1"]],
        "附件：绩效自评表.docx",
    ]


@pytest.mark.parametrize("name", ["nav", "footer", "print", "share-box", "hidden"])
def test_a_report_stays_whatever_its_element_is_called(name: str) -> None:
    assert read(f"<div class='{name}'>{REPORT}{FORM}</div><div>短</div>") == [*read(REPORT + FORM), "短"]
    assert read(f"<div class='{name}'>{FORM}</div><p>{'长' * 400}</p>")[0] == read(FORM)[0]


def test_a_page_whose_text_is_shown_by_script_is_still_read() -> None:
    assert read(f"<div style='display:none'>{REPORT}</div>") == [REPORT[3:-4]]


def test_the_title_is_added_only_when_the_page_does_not_show_it() -> None:
    assert read(f"<title>2023年度残疾人补贴绩效自评</title>{REPORT}")[0] == "2023年度残疾人补贴绩效自评"
    assert read(f"<title>年初预算18万元_某县</title>{REPORT}") == [REPORT[3:-4]]


def test_fields_of_a_form_show_their_values() -> None:
    html = (
        "<table><tr><td>类别</td><td><input type=checkbox checked>新增 <input type=checkbox>延续</td></tr>"
        "<tr><td>预算数</td><td><input value='18.5'><input type=hidden value=x></td></tr>"
        "<tr><td>等级</td><td><select><option>良<option selected>优</select></td></tr></table>"
    )
    assert read(html) == [[["类别", "☑新增 □延续"], ["预算数", "18.5"], ["等级", "优"]]]


def test_numbers_of_lists_are_printed_and_bullets_not() -> None:
    assert read("<ol start=2><li>甲<li>乙</ol><ul><li>丙</ul>") == ["2. 甲", "3. 乙", "丙"]


def test_ticks_in_symbol_fonts_are_ticks() -> None:
    assert read("<p><span style='font-family:\"Wingdings 2\"'>R</span>新增<font face=Wingdings>¨</font>延续</p>") == [
        "☑新增□延续"
    ]


def test_a_page_named_like_an_office_file_is_read() -> None:
    assert read("﻿ <html xmlns:x='urn:schemas-microsoft-com:office:excel'>" + FORM, "表.xls") == read(FORM)
    assert read("<?xml version='1.0' encoding='utf-8'?><html>" + REPORT) == [REPORT[3:-4]]


def test_a_saved_web_archive_is_read() -> None:
    data = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        b"<html><p>=E9=A1=B9=E7=9B=AE18=E4=B8=87=E5=85=83</p></html>\r\n--b--\r\n"
    )
    document = read_document(data, "表.doc")
    assert (shape_of(document), document.media_type) == (["项目18万元"], "multipart/related")


def test_hostile_nesting_and_spans_are_bounded() -> None:
    assert read("<div>" * 1500 + REPORT) == [REPORT[3:-4]]
    with pytest.raises(DocumentError) as refused:
        read("<div>" * 50_000 + REPORT)
    assert refused.value.code == "too_large"
    assert "底" in str(read("<table><tr><td>" * 400 + "底"))
    wide = read("<table><tr><td colspan=99999999 rowspan=99999999>a</td><td>b</td></tr><tr><td>c</td></tr></table>")
    assert "a" in str(wide)
    assert "c" in str(wide)
    tall = read("<table>" + "<tr><td rowspan=999 colspan=999>甲<td rowspan=0>乙<td>丙</tr>" * 600 + "</table>")
    assert str(tall).count("丙") == 600
    assert read("<ol>" + "<li>项" * 20_000 + "</ol>")[-1] == "20000. 项"


@pytest.mark.parametrize("html", ["<html></html>", "<html><body><script>x</script></body></html>", "<p>&nbsp;</p>"])
def test_a_page_without_text_is_empty(html: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(html.encode(), "表.html")
    assert refused.value.code == "empty_document"
