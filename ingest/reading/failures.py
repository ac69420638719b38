"""The errors that several readers raise: each names the document and what to do next."""

from __future__ import annotations

from ingest.errors import DocumentError


def empty_document(file_name: str) -> DocumentError:
    """The file was read and holds no text."""
    return DocumentError(
        "empty_document",
        zh=f"{file_name}：文件中没有文字。请向发布单位索取完整文件。",
        en=f"{file_name}: there is no text in the file. Ask the publishing unit for the complete file.",
        file_name=file_name,
    )


def damaged_file(file_name: str, format_name: str, place: str = "", *, place_zh: str = "") -> DocumentError:
    """The bytes begin like a format and do not keep to it.

    Args:
        file_name: the document.
        format_name: the format.
        place: the part that failed.
        place_zh: the same in Chinese, where it is no name.
    """
    where_zh, where_en = (f"（{place_zh or place}）", f" ({place})") if place else ("", "")
    return DocumentError(
        "damaged_file",
        zh=f"{file_name}：{format_name} 文件已损坏或不完整{where_zh}。请重新下载，或用办公软件打开后另存。",
        en=f"{file_name}: the {format_name} file is damaged or incomplete{where_en}. "
        "Download it again, or open it in an office program and save it anew.",
        file_name=file_name,
        format=format_name,
        place=place,
    )


def password_protected(file_name: str, format_name: str) -> DocumentError:
    """The content is encrypted and only a password opens it."""
    return DocumentError(
        "password_protected",
        zh=f"{file_name}：{format_name} 文件有密码保护。请去除密码后另存，再导入。",
        en=f"{file_name}: the {format_name} file is protected by a password. "
        "Save it without the password and ingest that.",
        file_name=file_name,
        format=format_name,
    )


def too_large(file_name: str, *, zh: str, en: str, limit: str) -> DocumentError:
    """The file would take more memory or time than any report needs. `zh` and `en` name what is too large."""
    return DocumentError(
        "too_large",
        zh=f"{file_name}：{zh}超过上限（{limit}）。请只保留自评报告部分后再导入。",
        en=f"{file_name}: {en} beyond the limit ({limit}). Keep only the self-evaluation and ingest that.",
        file_name=file_name,
        limit=limit,
    )


def unsupported_format(file_name: str, format_name: str, *, zh: str, en: str) -> DocumentError:
    """The format is known and has no reader; `zh` and `en` are the next step."""
    return DocumentError(
        "unsupported_format",
        zh=f"{file_name}：内容是 {format_name}，不能读取。{zh}",
        en=f"{file_name}: the content is {format_name}, which cannot be read. {en}",
        file_name=file_name,
        format=format_name,
    )
