"""The text of an invented report, and its record with the places of everything it states."""

from __future__ import annotations

import hashlib

from benchmarks.archive_facts import Facts
from benchmarks.archive_projects import OWN_WORDS, own_text
from benchmarks.archive_values import Row, as_text

STOCK_SENTENCES = (
    "为加强财政资金管理，提高资金使用效益，根据预算绩效管理的有关要求，我单位组织开展了本次绩效自评工作。",
    "项目申报内容与实际相符，申报目标合理可行，资金管理办法健全，专款专用，未发现截留、挤占、挪用资金的情况。",
    "项目资金按照规定的程序审批和支付，支付依据合规合法，资金支付与预算相符，会计核算及时准确。",
    "单位成立了绩效自评工作小组，由分管领导任组长，财务和业务人员共同参与，按照分工收集资料、核对数据。",
    "自评工作按照前期准备、组织实施、分析评价、撰写报告四个阶段进行，坚持客观公正、实事求是的原则。",
    "项目实施过程中严格执行政府采购和合同管理规定，定期检查进度，及时解决出现的问题，保证项目顺利实施。",
    "下一步将继续加强预算编制的科学性，细化绩效指标，强化过程监控，做好结果应用，不断提高管理水平。",
    "本报告所附数据来源于单位财务账簿和业务台账，相关资料已按档案管理要求整理归档备查。",
)


class Page:
    """A text that grows with what is quoted from it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def says(self, piece: str) -> Row:
        """Append the piece as a line and give its place."""
        start = self.length
        self.parts.append(piece + "\n")
        self.length += len(piece) + 1
        return {
            "page": None, "start": start, "end": start + len(piece), "text": piece,
            "table": None, "row": None, "column": None, "method": "archive", "confidence": 1.0,
        }  # fmt: skip

    @property
    def text(self) -> str:
        """Everything that was said."""
        return "".join(self.parts)


def record_of(facts: Facts) -> Row:
    """The record of a report, one line of the archive."""
    page, version = Page(), facts.version
    title = page.says(f"{facts.written_name}绩效自评报告")
    page.says(f"（{facts.year}年度）")
    report: Row = {"report_id": "", "ordinal": 1, "kind": facts.kind, "fiscal_year": facts.year, "region": {}}
    places: Row = {"project_name": _inside(title, facts.written_name)}
    if facts.region_state != "not_stated":
        city = None if facts.region_state == "district_without_city" else version["city"]
        province = None if facts.region_state == "district_without_city" else version["province"]
        written = f"{province or ''}{city or ''}{version['county']}"
        line = page.says(f"所在地区：{written}")
        report["region"] = {
            "province": province,
            "city": city,
            "county": version["county"],
            "as_written": written,
        }
        places["region.county"] = _inside(line, version["county"])
    line = page.says(f"实施单位：{facts.unit}")
    report["unit"] = facts.unit
    places["unit"] = _inside(line, facts.unit)
    report["project_name"] = facts.written_name
    if facts.project_code is not None:
        report["project_code"] = facts.project_code
        places["project_code"] = _inside(page.says(f"项目代码：{report['project_code']}"), report["project_code"])
    for sentence in STOCK_SENTENCES[:4]:
        page.says(sentence)
    report["funding"] = [
        {
            "stage": stage,
            "source": source,
            "amount_yuan": str(amount),
            "as_written": f"{amount}元",
            "evidence": page.says(f"{stage} {source}：{amount}元"),
        }
        for stage, source, amount in facts.money.lines
    ]
    execution = facts.execution
    if execution["rate_pct"] is not None or execution["weight"] is not None:
        report["execution"] = {
            "stated_rate_pct": as_text(execution["rate_pct"]),
            "weight": as_text(execution["weight"]),
            "score": as_text(execution["score"]),
            "evidence": page.says(
                f"预算执行率：{execution['rate_pct']}% 分值{execution['weight']} 得分{execution['score']}"
            ),
        }
    report["indicators"] = [_indicator_record(row, page) for row in facts.rows]
    if facts.total is not None:
        line = page.says(f"自评总分：{facts.total}分 等级：{facts.grade or '未填'}")
        report["evaluation"] = {"total_score": str(facts.total), "grade": facts.grade, "conclusion": None}
        places["evaluation.total_score"] = line
    own = facts.project.own_text if facts.project.copies_text else own_text(facts.rng)
    page.says(own)
    if facts.rng.random() < 0.6:
        problem = f"存在问题：{facts.rng.choice(OWN_WORDS)}工作进度需要加快"
        report["findings"] = [
            {"kind": "problem", "text": problem[5:], "evidence": _inside(page.says(problem), problem[5:])}
        ]
    for sentence in STOCK_SENTENCES[4:]:
        page.says(sentence)
    if facts.evaluated_on is not None:
        line = page.says(f"自评日期：{facts.evaluated_on}")
        report["evaluated_on"] = facts.evaluated_on
        places["evaluated_on"] = _inside(line, facts.evaluated_on)
    report["field_evidence"] = places
    text = page.text
    sha256 = hashlib.sha256(f"{facts.file_name}\n{text}".encode()).hexdigest()
    report["report_id"] = hashlib.sha256(f"{sha256}|1".encode()).hexdigest()[:32]
    return {
        "schema_version": "1.0",
        "document": {
            "sha256": sha256,
            "file_name": facts.file_name,
            "media_type": "text/plain",
            "title": title["text"],
            "char_count": len(text),
            "published_on": facts.published_on,
            "extractor": "archive 1",
            "canonical_text": text,
        },
        "reports": [report],
    }


def _indicator_record(row: Row, page: Page) -> Row:
    target_text = row["target_words"] or (
        f"{row['target_day']}前" if row["target_day"] else f"{row['operator']}{row['target']}{row['target_unit'] or ''}"
    )
    actual_text = row["actual_words"] or row["actual_day"] or f"{row['actual']}{row['actual_unit'] or ''}"
    record: Row = {
        "ordinal": row["ordinal"],
        "level1": row["level1_text"],
        "level2": row["level2_text"],
        "name": row["name"],
        "target": target_text,
        "actual": actual_text,
        "target_state": "qualitative" if row["target_words"] else "parsed",
        "target_operator": row["operator"],
        "target_value": as_text(row["target"]),
        "target_unit": row["target_unit"],
        "target_to": row["target_day"],
        "actual_state": "qualitative" if row["actual_words"] else "parsed",
        "actual_value": as_text(row["actual"]),
        "actual_unit": row["actual_unit"],
        "actual_from": row["actual_day"],
        "actual_to": row["actual_day"],
        "weight": as_text(row["weight"]),
        "score": as_text(row["score"]),
        "deviation_reason": row["reason_text"],
    }
    record["evidence"] = page.says(
        f"{row['ordinal']}. {row['level1_text']} {row['level2_text']} {row['name']} 目标值{target_text}"
        f" 实际完成{actual_text} 分值{row['weight']} 得分{row['score']} {row['reason_text'] or ''}".rstrip()
    )
    return record


def _inside(place: Row, text: str) -> Row:
    """The place of a piece of an evidence."""
    start = place["start"] + place["text"].index(text)
    return {**place, "start": start, "end": start + len(text), "text": text}
