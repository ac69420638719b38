"""The unit that a number has, or has from its chapter."""

from __future__ import annotations

from ingest.lexicon import Lexicon
from tests.support.funding_sentences import Cases, expected, lines


class TestUnits(Cases):
    CASES = (
        ("到位资金1000万 元，支出980\n  万元。", "到位-总 1000 支出-总 980"),
        ("资金总额为1.2亿元，实际支出1.15亿元。", "支出-总 11500"),
        ("预算安排150千元，实际支出149.5千元。", "下达-总 15 支出-总 14.95"),
        ("截至12月31日，累计支出资金1,234,567.80元。", "支出-总 123.45678"),
        ("共发放补助资金一千二百三十万元。", "支出-总 1230"),
        ("下达资金壹佰贰拾叁万元整，支付捌拾万零伍佰元。", "下达-总 123 支出-总 80.05"),
        ("项目估算投资约2082.48万元。", "计划-总 2082.48"),
    )


class TestUnitDeclaredOnce(Cases):
    CASES = (
        (
            "（金额单位：万元）\n本年收入1463.27，其中一般公共预算拨款1463.27；本年支出1452.09，其中基本支出607.83。",
            "到位-总 1463.27 到位-财政 1463.27 支出-总 1452.09",
        ),
        ("（单位：元）\n实际到位：10,900,000.00\n实际支出：9,483,000.00\n完成20个", "到位-总 1090 支出-总 948.3"),
        ("资金单位：万元\n2022年支出3批，共5次。", ""),
        ("单位：某镇人民政府\n实际支出：9,483,000.00", ""),
        ("项目概算为1 480万元，已支付1 200.5万元。", "计划-总 1480 支出-总 1200.5"),
    )


def test_a_declared_unit_ends_with_its_chapter(lexicon: Lexicon) -> None:
    body = "（单位：万元）\n实际支出：30\n二、其他情况\n预算86.5，决算79.94。"
    assert lines(body, lexicon) == set(expected("支出-总 30"))
