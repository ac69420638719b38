"""Does the time to read a text grow with its length only? `python benchmarks/long_texts.py`

Each line is a kind of text that once took quadratic time, at one length and at twice that length; a factor near 2 is
linear.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ingest.errors import FundPerfError
from ingest.extraction import extract_document
from ingest.reading import read_document

HEAD = "某县民政局2022年度养老服务项目绩效自评报告\n一、项目概况\n项目预算安排10万元，实际支出10万元。\n"
PIECES = {
    "ordinary prose": "资金拨付及时，使用规范。2022年安排资金10万元，实际支出9.8万元，执行率98%。\n",
    "letters without a break": "a",
    "Chinese without a break": "养老服务项目",
    "contact lines": "联系人：张三，电话：13800138000。\n",
    "sums in one line": "支出5万元，",
    "counts in one line": "建成5个，",
    "labels in one line": "培训，目标值5个，",
    "repeated headings": "一、项目概况\n",
    "restarted numbering": "1、项目概况\n某某。\n（1）立项依据\n某某。\n",
    "citations": "按照《办法》（川财〔2020〕8号）执行。\n",
    "dates": "2022年3月5日，",
    "digits without a break": "7",
    "words said over and over": "自评",
}


def seconds(piece: str, characters: int) -> float:
    """Seconds to read and extract the piece repeated to a length."""
    data = (HEAD + piece * (characters // len(piece))).encode()
    started = time.perf_counter()
    with suppress(FundPerfError):
        extract_document(read_document(data, "long.txt"))
    return time.perf_counter() - started


if __name__ == "__main__":
    length = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for name, piece in PIECES.items():
        once, twice = seconds(piece, length), seconds(piece, 2 * length)
        sys.stdout.write(
            f"{name:<26} {length:>8,}: {once:6.2f} s   {2 * length:>8,}: {twice:6.2f} s   ×{twice / once:.1f}\n"
        )
