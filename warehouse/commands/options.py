"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.messages import Lang

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Home folder of the warehouse 数据仓目录 [default: $FUNDPERF_HOME or ./.fundperf]"),
]
LangOption = Annotated[
    Lang | None, typer.Option("--lang", help="Language of messages 界面语言 [default: $FUNDPERF_LANG or system]")
]
PathsArgument = Annotated[list[Path], typer.Argument(help="Documents, folders, records 文件、文件夹、记录文件")]
OptionalPathsArgument = Annotated[
    list[Path] | None, typer.Argument(help="Documents, folders, records 文件、文件夹、记录文件")
]
JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        envvar="FUNDPERF_JOBS",
        help="Processes that read; 1 reads in this one 读取进程数，1 为不另开进程 [default: one per core]",
    ),
]
TimeLimitOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        min=1,
        envvar="FUNDPERF_TIME_LIMIT",
        help="Seconds for one document 单个文件限时（秒） [default: 120]",
    ),
]
NotifyOption = Annotated[
    str | None,
    typer.Option(
        "--notify-command",
        envvar="FUNDPERF_NOTIFY_COMMAND",
        help="Program that gets a JSON summary on standard input at the end 结束时从标准输入收到 JSON 摘要的程序",
    ),
]
StorageVersionOption = Annotated[
    str | None,
    typer.Option(
        "--storage-version",
        envvar="FUNDPERF_STORAGE_VERSION",
        help="Also a database file for older DuckDB clients, e.g. v1.5.0 另存供旧版 DuckDB 使用的文件",
    ),
]
ParquetOption = Annotated[
    bool,
    typer.Option(
        "--parquet", envvar="FUNDPERF_PARQUET", help="Also one Parquet file per table 另存各表的 Parquet 文件"
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Build even when nothing changed 即使没有变化也构建")]
RereadOption = Annotated[
    bool, typer.Option("--reread", help="Read also what has not changed since it was read 未变化的文件也重新读取")
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DAY", help="What was known at the end of a day, or at a time 截至某日（或某时）所知的内容"
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON 输出 JSON")]
