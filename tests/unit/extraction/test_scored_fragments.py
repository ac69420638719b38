"""Pieces of scoring reports without title and header; rules and the ratings of others look alike and are none."""

from __future__ import annotations

import pytest

from ingest.errors import LayoutError
from tests.conftest import extract_text

_DITCHES = """2.资金分配合理性（4分）
依据各乡镇上报的渠道长度分配，与工程量相适应，得4分。
二、项目过程（20分）
（一）资金管理（12分）
1.资金到位率（4分）
计划资金320万元，年内到位288万元，到位率90%，扣0.4分，得3.6分。
2.资金使用合规性（4分）
抽查凭证24份，其中1份附件不全，扣1分，得3分。
（二）组织实施（8分）
1.管理制度健全性（4分）
沿用水利建设管理制度，没有制定本项目的细则，扣1分，得3分。
"""
_ALLOWANCES = """计发放高龄津贴1860人次。得分8分。
（二）产出质量（10分）
发放对象准确率（10分）：核查中发现2名已故老人仍在名单，扣2分，得分8分。
（三）产出时效（10分）
发放及时率（10分）：第四季度津贴推迟到次年1月发放，扣2.5分，得分7.5分。
四、项目效益（20分）
（一）社会效益（10分）
走访12户，均反映津贴对日常开支有帮助，得分10分。
"""
_DEVICES = """（2）采购程序执行不严，两台设备未经集中采购，扣1分。该项得3分。
4.制度执行有效性（5分）
设备入库、领用有登记，但没有每季盘点，扣1分，得4分。
三、产出（30分）
1.实际完成率（10分）
购置检测设备计划18台，实际到货18台，得10分。
2.质量达标率（10分）
验收合格17台，1台返厂，扣0.5分，得9.5分。
四、效益（20分）
检测能力有所提高，但样品送检周期没有缩短，扣3分，得17分。
"""
_EXAM = """一、笔试（60分）
单项选择题20题，每题1分，多选题少选得1分，错选不得分。
二、实际操作（40分）
1.设备安装（20分）
在40分钟内完成得20分，每超过5分钟扣2分。
2.故障排除（20分）
排除两处故障得20分，只排除一处得10分。
"""
_CONTEST = """四、评分办法
（一）项目创意（30分）
1.创新性（15分）
具有明显创新，得12至15分；有一定创新，得8分；否则得0分。
2.社会效益（15分）
带动就业10人以上得15分，每少1人扣1分。
（二）组织实施（20分）
分工明确得20分，资金管理不规范扣5分。
"""
_REGULATION = """第三章 记分
一、资金管理（20分）
1.资金到位率（10分）
到位率达到100%的，得10分；每低1个百分点扣0.5分，扣完为止。
2.资金使用合规性（10分）
挪用资金50万元以上的，得0分；未按规定核算的，扣5分。
二、组织实施（10分）
1.管理制度健全性（10分）
制度健全得10分，缺一项扣2分。
"""
_RULES_FOR_EVALUATION = """第三章 绩效评分细则
一、项目决策（10分）
1.立项依据充分性（5分）
立项依据充分得5分，每缺一项扣1分。
2.绩效目标合理性（5分）
目标明确、可衡量的，得5分；否则不得分。
二、项目过程（10分）
1.资金到位率（10分）
到位率100%得10分，每低1个百分点扣0.5分。
"""
_HOSPITAL = """（一）医疗质量管理（40分）
1.核心制度落实（20分）
抽查病历30份，4份缺少查房记录，扣2分，得18分。
2.院感控制（20分）
手卫生合格率96%，得20分。
（二）财务管理（10分）
年度支出1200万元，有预算，未见违规，得10分。
（三）患者满意度（20分）
调查住院患者100人，满意度92%，扣1分，得19分。
"""
_CLEANING = """三、服务考核
（一）质量达标率（20分）
抽查卫生间8处，1处有积水，扣2分，得18分。
（二）完成及时率（20分）
报修62次，3次超过24小时，扣3分，得17分。
（三）组织管理（10分）
人员在岗，得10分。
（四）社会效益（10分）
业主写来表扬信2封，得9分。
"""


@pytest.mark.parametrize("text", [_DITCHES, _ALLOWANCES, _DEVICES], ids=["ditches", "allowances", "devices"])
def test_a_piece_of_a_scoring_report_is_a_report(text: str) -> None:
    (report,) = extract_text(text, "piece.txt").reports
    scored = [entry for entry in report.indicators if entry.score is not None and entry.weight is not None]
    assert len(scored) >= 3
    assert report.project_name is None
    assert report.evaluation.total_score is None


def test_the_levels_of_a_piece_begin_anew_at_the_next_chapter() -> None:
    (report,) = extract_text(_DITCHES, "piece.txt").reports
    levels = {entry.name: (entry.level1, entry.level2) for entry in report.indicators}
    assert levels["资金使用合规性"] == ("项目过程", "资金管理")
    assert levels["管理制度健全性"] == ("项目过程", "组织实施")


@pytest.mark.parametrize(
    "text",
    [_EXAM, _CONTEST, _REGULATION, _RULES_FOR_EVALUATION, _HOSPITAL, _CLEANING],
    ids=["exam", "contest", "regulation", "rules for evaluation", "hospital", "cleaning"],
)
def test_rules_for_points_and_ratings_of_others_are_no_reports(text: str) -> None:
    with pytest.raises(LayoutError) as refusal:
        extract_text(text, "piece.txt")
    assert refusal.value.code == "no_report"
