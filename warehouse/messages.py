"""What the command says, in both languages. Sentences of errors live with the errors."""

from __future__ import annotations

import locale
import os
from typing import Literal

Lang = Literal["zh", "en"]

_TEXTS: dict[str, tuple[str, str]] = {
    "read": (
        "已读取：输入 {inputs} = 新载入 {loaded} + 未变 {unchanged} + 隔离 {quarantined}（{seconds:.1f} 秒）",
        "Read: {inputs} inputs = {loaded} loaded + {unchanged} unchanged + {quarantined} quarantined ({seconds:.1f} s)",
    ),
    "quarantined": ("  隔离 [{code}] {message}", "  quarantined [{code}] {message}"),
    "more_quarantined": ("  ……另有 {count} 份", "  … and {count} more"),
    "note": ("  注意 {message}", "  note: {message}"),
    "damaged": ("  已载入但不完整 {file}：{message}", "  loaded but incomplete {file}: {message}"),
    "warnings": (
        "  {reports} 份新报告中有 {warnings} 条提示，见 fct_warning",
        "  {warnings} warnings in {reports} new reports: see fct_warning",
    ),
    "batch_check": (
        "  批次检查 {name}（{subject}）：{failed} 行可疑",
        "  batch check {name} ({subject}): {failed} doubtful rows",
    ),
    "built": (
        "已构建：模型 {models}，参考表 {seeds}；检查通过 {passed}，提示 {warned}，未通过 {failed}（{seconds:.1f} 秒）",
        "Built: {models} models, {seeds} reference tables; checks: {passed} passed, {warned} warned, {failed} failed "
        "({seconds:.1f} s)",
    ),
    "checked": (
        "已检查：通过 {passed}，提示 {warned}，未通过 {failed}（{seconds:.1f} 秒）",
        "Checked: {passed} passed, {warned} warned, {failed} failed ({seconds:.1f} s)",
    ),
    "check_failed": ("  未通过 {name}（{subject}）：{message}", "  failed {name} ({subject}): {message}"),
    "check_warned": ("  提示 {name}（{subject}）：{message}", "  warned {name} ({subject}): {message}"),
    "nothing_changed": (
        "自版本 {release} 以来没有变化，未重新构建（--force 可强制构建）。",
        "Nothing changed since release {release}: not built again (--force builds anyway).",
    ),
    "rolled_back": (
        "注意：读者使用的是回退后的版本 {current}；fundperf release rollback {newest} 可切换到最新版本。",
        "Note: readers use release {current} after a rollback; "
        "`fundperf release rollback {newest}` switches to the newest.",
    ),
    "published": (
        "已发布：版本 {release}（{seconds:.1f} 秒）\n  {path}",
        "Published: release {release} ({seconds:.1f} s)\n  {path}",
    ),
    "now_current": ("读者现在使用版本 {release}。", "Readers now use release {release}."),
    "stage_read": ("读取材料", "reading"),
    "stage_build": ("构建模型并检查", "building and checking"),
    "stage_check": ("检查", "checking"),
    "comparison": ("项目年度对照", "Project-years side by side"),
    "more_rows": (
        '……另有 {count} 行：fundperf sql "from marts.rpt_project_years"',
        '… and {count} more rows: fundperf sql "from marts.rpt_project_years"',
    ),
    "pair": ("{later} ↔ {earlier}：支出之比 {ratio}", "{later} ↔ {earlier}: executed ×{ratio}"),
    "pair_growth": ("实际增长率 {growth}", "real growth {growth}"),
    "pair_refused": ("不给增长率：{reasons}", "no growth rate: {reasons}"),
    "next": ("接下来可以输入：", "What to type next:"),
    "cut": (
        "仅显示前 {limit} 行；--limit 0 显示全部。",
        "Only the first {limit} rows are shown; --limit 0 shows all.",
    ),
    "rows": ("{count} 行", "{count} rows"),
    "written": ("已写入 {count} 行：{path}", "Wrote {count} rows: {path}"),
    "status_release": (
        "版本 {release}，发布于 {published_at}（{age}）",
        "Release {release}, published {published_at} ({age})",
    ),
    "status_none": ("还没有已发布的版本。", "Nothing is published yet."),
    "status_file": ("文件：{path}", "File: {path}"),
    "status_open": (
        '只读打开：duckdb -readonly "{path}"，或 Python 中 warehouse.connect()',
        'Open it read-only: duckdb -readonly "{path}", or warehouse.connect() in Python',
    ),
    "status_rows": ("各表行数：{rows}", "Rows: {rows}"),
    "status_checks": ("检查：通过 {passed}，提示 {warned}", "Checks: {passed} passed, {warned} warned"),
    "status_coverage": ("县（市、区）与年度（项目数）：", "Counties and years (projects):"),
    "status_load": (
        "最近一次导入 {finished_at}：输入 {inputs} = 新载入 {loaded} + 未变 {unchanged} + 隔离 {quarantined}",
        "Last load {finished_at}: {inputs} inputs = {loaded} loaded + {unchanged} unchanged + "
        "{quarantined} quarantined",
    ),
    "status_waiting": ("等待人工处理 {count} 份：", "Waiting for a person: {count}"),
    "status_waiting_none": ("没有等待处理的材料。", "Nothing is waiting."),
    "age_minutes": ("{count} 分钟前", "{count} minutes ago"),
    "age_hours": ("{count} 小时前", "{count} hours ago"),
    "age_days": ("{count} 天前", "{count} days ago"),
    "unknown": ("（未写明）", "(not stated)"),
    "trace_value": ("值", "Value"),
    "trace_sentence": ("原文", "Sentence"),
    "trace_manifest": ("由清单说明，文中没有", "stated by a manifest, not by the document"),
    "trace_file": ("文件", "File"),
    "trace_place": (
        "字符 {start}–{end}{page}，方法 {method}，置信度 {confidence:g}，{verified}",
        "characters {start}–{end}{page}, method {method}, confidence {confidence:g}, {verified}",
    ),
    "trace_page": ("，第 {page} 页", ", page {page}"),
    "trace_verified": ("与原文一致", "verified against the text"),
    "trace_differs": ("与原文不一致！", "NOT what the text says there!"),
    "trace_no_text": ("未保存原文", "the text was not kept"),
    "trace_steps": ("步骤", "Steps"),
    "found": ("找到 {count} 处：", "{count} found:"),
    "found_none": ("没有找到 {wanted}。", "Nothing found for {wanted}."),
    "found_next": ("查看来源：fundperf trace {fact}", "To see where one was read: fundperf trace {fact}"),
    "unexpected": (
        "出现意外错误（{kind}：{message}）。详情已写入 {path}，请连同操作一起报告给维护者。",
        "Something unexpected happened ({kind}: {message}). The details are in {path}; "
        "report them to the maintainers together with what you did.",
    ),
    "os_error": (
        "{path}：无法读写（{reason}）。请检查路径、权限和磁盘空间后重试。",
        "{path}: it cannot be read or written ({reason}). Check path, permissions and free space, then try again.",
    ),
    "standard_output": ("标准输出", "standard output"),
    "list_current": ("当前", "current"),
}


def say(key: str, lang: Lang, **facts: object) -> str:
    """The sentence in the user's language."""
    zh, en = _TEXTS[key]
    return (zh if lang == "zh" else en).format(**facts)


def choose_lang(asked: str | None = None) -> Lang:
    """The language asked for, else `FUNDPERF_LANG`, else that of the system, else English."""
    system = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), None)
    if system is None:
        system = locale.getlocale()[0] or ""
    wanted = asked or os.environ.get("FUNDPERF_LANG") or system
    return "zh" if wanted.casefold().startswith(("zh", "chinese")) else "en"
