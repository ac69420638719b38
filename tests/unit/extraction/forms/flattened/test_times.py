"""Times in words: where nothing separates cells, and as whole values."""

from __future__ import annotations

import pytest

from ingest.extraction.forms.flattened.times import Times
from ingest.lexicon import Lexicon
from tests.support.forms.reading_back import find, rows

_HEADING = "一级指标二级指标三级指标年度指标值实际完成值分值得分偏差原因分析及改进措施"
_ABOVE = "产出指标数量指标清理渠道里程≥12公里13公里1010时效指标"
_BELOW = "效益指标社会效益指标有效灌溉率≥92%93.4%1515总分10097"


@pytest.mark.parametrize("points", ["1010", "108.5", "7.57.5"])
@pytest.mark.parametrize(
    ("name", "target", "actual"),
    [
        ("奖补兑现时间", "每学年末前", "秋季延至次年2月"),
        ("堤防完工时间", "主汛期前", "6月12日"),
        ("教辅到位时间", "开学前", "开学前到位"),
        ("管护期限", "全年", "全年"),
        ("款项支付时间", "收到指标45日内", "合同签订后30日内"),
        ("救助响应时间", "接到报警后24小时内", "24小时内到位"),
        ("改造完成时间", "上半年完成", "第三季度完成"),
        ("兑付时间", "9月30日前", "推迟至2023年1月"),
        ("发放月份", "每年3月、9月", "3月、10月"),
        ("支付及时性", "按季拨付", "按季拨付"),
    ],
)
def test_no_cell_ends_inside_of_a_time(name: str, target: str, actual: str, points: str, lexicon: Lexicon) -> None:
    forms, text = find(f"{_HEADING}{_ABOVE}{name}{target}{actual}{points}{_BELOW}", lexicon)
    assert [row[2:5] for row in rows(forms[0], text) if row[1] == "时效指标"] == [(name, target, actual)]


def test_a_year_behind_points_keeps_its_month(lexicon: Lexicon) -> None:
    heading = "一级指标二级指标三级指标分值年度指标值全年实际值得分"
    block = "产出指标时效指标验收时限52024年6月底按期完成5效益指标社会效益指标用水保证率20≥90%92%20"
    forms, text = find(heading + block, lexicon)
    assert [row[2:5] for row in rows(forms[0], text) if row[1] == "时效指标"] == [
        ("验收时限", "2024年6月底", "按期完成")
    ]


@pytest.mark.parametrize("text", ["24小时内响应率", "全年完成率", "开学率", "每学期补助人数", "年度"])
def test_a_name_with_a_time_in_it_is_no_time(text: str, lexicon: Lexicon) -> None:
    assert not Times(lexicon).covers(text)
