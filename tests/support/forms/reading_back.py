"""One form as cells, and what is read of a form that lost its table, as printed."""

from __future__ import annotations

from ingest.extraction.forms.flattened import find_flattened_forms
from ingest.extraction.forms.rows import Form, Piece
from ingest.lexicon import Lexicon
from tests.support.report_sources import source_of

Row = tuple[str | None, str | None, str, str | None, str | None, str | None, str | None]
HEADING = [
    *("项目支出绩效自评表", "（2022年度）", "项目名称", "河堤加固工程", "主管部门", "青河县水务局"),
    *("实施单位", "青河县水利站", "项目资金（万元）"),
]
MONEY = [
    *("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
    *("年度资金总额", "46", "44", "41.8", "10", "95%", "9.5"),
    *("其中：当年财政拨款", "46", "40", "37.8", "—", "94.5%", "—"),
    *("上年结转资金", "—", "4", "4", "—", "100%", "—"),
]
GOALS = ["年度总体目标", "预期目标", "实际完成情况", "加固河堤，保障两岸安全。", "河堤加固完成，汛期平稳。"]
INDICATORS = [
    *("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
    *("产出指标（50分）", "数量指标", "加固河堤长度", "≥12公里", "13公里", "20", "20"),
    *("清理河道段数", "≥8段", "6段", "10", "7.5", "汛期推迟施工"),
    *("质量指标", "工程验收合格率", "100%", "100%", "20", "20"),
    *("效益指标（30分）", "社会效益指标", "两岸防洪安全", "有效保障", "有效保障", "30", "30"),
    *("满意度指标（10分）", "服务对象满意度指标", "沿线群众满意度", "≥90%", "93%", "10", "10"),
    *("总分", "100", "97", "优"),
]
READ: list[Row] = [
    ("产出指标", "数量指标", "加固河堤长度", "≥12公里", "13公里", "20", "20"),
    ("产出指标", "数量指标", "清理河道段数", "≥8段", "6段", "10", "7.5"),
    ("产出指标", "质量指标", "工程验收合格率", "100%", "100%", "20", "20"),
    ("效益指标", "社会效益指标", "两岸防洪安全", "有效保障", "有效保障", "30", "30"),
    ("满意度指标", "服务对象满意度指标", "沿线群众满意度", "≥90%", "93%", "10", "10"),
]


def find(text: str, lexicon: Lexicon) -> tuple[list[Form], str]:
    """The forms of a text, and the text that their places are in."""
    source = source_of(text, lexicon)
    return find_flattened_forms(source), source.text


def printed(text: str, piece: Piece | None) -> str | None:
    """What a piece says, without spaces and line breaks."""
    return None if piece is None else "".join(text[piece.start : piece.end].split())


def rows(form: Form, text: str) -> list[Row]:
    """The indicators as printed: levels, name, target, actual, points, score."""
    return [
        (
            row.level1,
            row.level2,
            printed(text, row.name) or "",
            "".join(printed(text, part) or "" for part in row.target) or None,
            printed(text, row.actual),
            printed(text, row.weight),
            printed(text, row.score),
        )
        for row in form.indicators
    ]


def money(form: Form, text: str) -> dict[tuple[str, str], str | None]:
    """The sums as printed, by source and stage."""
    return {(row.source, stage): printed(text, place) for row in form.funding for stage, place in row.amounts.items()}


def execution(form: Form, text: str) -> tuple[str | None, str | None, str | None]:
    """Rate, points and score of the execution row as printed."""
    total = next(row for row in form.funding if row.source == "total")
    return printed(text, total.rate), printed(text, total.weight), printed(text, total.score)


def unread_codes(form: Form) -> list[str]:
    """The codes of what was not understood."""
    return [entry.code for entry in form.unread]
