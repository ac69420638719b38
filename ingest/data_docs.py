"""The pages a person reads about the checks of a batch. They need no network and no scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.check_results import CheckResult

_STYLE = """
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2rem; color: #222; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { border: 1px solid #bbb; padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { background: #eee; }
code { word-break: break-all; }
.badge { background: #eef; padding: 0 .3em; }
.text-danger, .failed { color: #a00; }
.text-success, .passed { color: #070; }
.fa-times::before { content: "✗"; }
.fa-check-circle::before { content: "✓"; }
.fa-exclamation-triangle::before, .fa-exclamation-circle::before { content: "⚠"; }
"""
# What a stock page fetches from elsewhere, or cannot show without scripts. The tables are what remains.
_ONLINE_PARTS = re.compile(
    r"<script\b.*?</script>|<style\b.*?</style>|<nav\b.*?</nav>|<footer\b.*?</footer>|<label\b.*?</label>"
    r"|<(?:link|img|iframe)\b[^>]*>|</?a\b[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_FIRST_SECTION = re.compile(r'<div id="section-1".*?(?=<footer\b|</body>|\Z)', re.DOTALL)
_STATES = {
    True: ("passed", "通过 passed"),
    False: ("failed", "未通过 failed"),
    None: ("", "无数据 nothing to check"),
}
_COLUMNS = (
    "表 table",
    "检查 check",
    "级别 severity",
    "规则 rule",
    "结果 result",
    "检查数 evaluated",
    "未通过 failed",
    "行 rows",
)


def write_data_docs(folder: Path, results: Sequence[CheckResult], stock_pages: Mapping[str, str]) -> None:
    """Write `index.html` with every check and its failing rows, and beside it one page per checked frame.

    Args:
        folder: created when missing.
        results: what the checks found.
        stock_pages: by frame, the page as Great Expectations renders it; it is stripped of all that needs a network.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for subject, page in stock_pages.items():
        (folder / f"{subject}.html").write_text(_page(subject, _without_online_parts(page)), encoding="utf-8")
    (folder / "index.html").write_text(_index(results, stock_pages), encoding="utf-8")


def _without_online_parts(page: str) -> str:
    section = _FIRST_SECTION.search(page)
    return _ONLINE_PARTS.sub("", section.group() if section else page)


def _index(results: Sequence[CheckResult], linked: Mapping[str, str]) -> str:
    heading = "".join(f"<th>{title}</th>" for title in _COLUMNS)
    rows = "\n".join(_row(result, result.subject in linked) for result in results)
    table = f"<table><thead><tr>{heading}</tr></thead><tbody>\n{rows}\n</tbody></table>"
    return _page("批次检查 Batch checks", table)


def _row(result: CheckResult, is_linked: bool) -> str:
    style, state = _STATES[result.result]
    cells = (
        f'<a href="{result.subject}.html">{result.subject}</a>' if is_linked else result.subject,
        escape(result.check_name),
        result.severity,
        escape(result.rule),
        f'<span class="{style}">{state}</span>',
        str(result.n_evaluated),
        str(result.n_failed),
        "<br>".join(f"<code>{escape(_described(row))}</code>" for row in result.failing_rows),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _described(row: Mapping[str, Any]) -> str:
    return " · ".join(f"{name} {'—' if value is None else value}" for name, value in row.items())


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n{body}\n</body></html>\n"
    )
