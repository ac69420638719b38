"""What people may set for their home folder: `settings.toml`, which need not exist."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields

from ingest.errors import UsageError
from warehouse.home import Home

_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Keep:
    """How much of the past stays.

    `releases` counts releases, `runs` rows of the run history; `log_days` is for logs of runs and of failures,
    `load_days` for pages about the checks of loads and for rows of the ledger that only repeat others.
    """

    releases: int = 5
    runs: int = 1000
    log_days: int = 90
    load_days: int = 90


@dataclass(frozen=True, slots=True)
class Run:
    """How a run behaves.

    `spare_mb` must be free beside what a run is expected to write (MB of 1,000,000 bytes); `notify_seconds` is the time
    that a command has which is told of the end of a run.
    """

    spare_mb: int = 100
    notify_seconds: int = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; each field is a table of the file."""

    keep: Keep = field(default_factory=Keep)
    run: Run = field(default_factory=Run)


# Zero would mean that nothing stays, or that there is no time at all.
_LEAST = {"spare_mb": 0}


def read_settings(home: Home) -> Settings:
    """The settings of a home folder; what the file does not name has its default.

    Raises:
        UsageError: the file cannot be read, or names what there is not, or holds a value that cannot be.
    """
    try:
        content = tomllib.loads(home.settings.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _broken(home, f"无法读取（{reason}）", f"it cannot be read ({reason})") from error
    except ValueError as error:
        # Broken TOML, or no UTF-8.
        raise _broken(home, f"不是有效的 TOML（{error}）", f"it is not valid TOML ({error})") from error
    _require_known(home, content, [entry.name for entry in fields(Settings)], "")
    return Settings(keep=Keep(**_numbers(home, content, Keep, "keep")), run=Run(**_numbers(home, content, Run, "run")))


def _numbers(home: Home, content: dict[str, object], kind: type[Keep | Run], table: str) -> dict[str, int]:
    values = content.get(table, {})
    if not isinstance(values, dict):
        raise _broken(home, f"{table} 应是一个表（[{table}]）", f"{table} must be a table ([{table}])")
    _require_known(home, values, [entry.name for entry in fields(kind)], f"{table}.")
    for name, value in values.items():
        least = _LEAST.get(name, 1)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MOST:
            raise _broken(
                home,
                f"{table}.{name} 应是 {least} 到 {_MOST} 的整数，现为 {value!r}",
                f"{table}.{name} must be a whole number from {least} to {_MOST}, not {value!r}",
            )
    return values


def _require_known(home: Home, found: dict[str, object], known: list[str], prefix: str) -> None:
    for name in found:
        if name not in known:
            wanted = ", ".join(prefix + entry for entry in known)
            zh, en = f"没有设置项 {prefix}{name}，可用：{wanted}", f"there is no {prefix}{name}, only {wanted}"
            raise _broken(home, zh, en)


def _broken(home: Home, zh: str, en: str) -> UsageError:
    return UsageError(
        "broken_settings",
        zh=f"{home.settings}：{zh}。请改正后重试；删除该文件则使用默认设置。",
        en=f"{home.settings}: {en}. Correct it and try again; without the file the defaults hold.",
        path=str(home.settings),
    )
