"""Private persons are masked before anything is read: names and numbers of persons never reach a record.

A mask has the length of what it hides, so offsets into the text stay true. Three things are hidden: names behind a
label (联系人, 填表人 …), numbers behind a label (电话, 微信 …), and what its form shows to be a phone number, an
identity card or a mail address.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from ingest.characters import fold
from ingest.lexicon import Lexicon

MASK = "＊"

Span = tuple[int, int]

# The surnames that begin nearly all Chinese personal names: without a colon, what follows 联系人 is a name only if it
# begins like one.
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪"
    "舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸"
    "左石崔吉龚程邢裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘"
    "景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰雍桑桂濮牛寿通边扈燕冀郏浦尚"
    "农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那"
    "简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖付岳覃闫邸苟代佟"
    "兰牟阳敬母楚植原畅税仝鄢银揭操帅晋泽青腊尧郄亓淡辜涂佘佴冼勒萨扎买吐玛邝庹粟禤佀彦冶芦撒盘璩"
)
_TWO_SURNAMES = "欧阳|上官|司马|诸葛|司徒|慕容|皇甫|尉迟|东方|令狐|端木|公孙|轩辕|夏侯|南宫|长孙|宇文|申屠|拓跋"
# Everyday words that begin like a surname.
_NO_NAME = (
    "单位|经[办费济过营常]|高[度于级效]|明[确显细]|和|项目|管理|安[全排置]|常[务年]|平时|计划|时[间任]|任[务期组副主何]"
    "|全[程面体部县市年国区]|应[当该急于]|方[面可案]|严[格肃]|通[过知讯]|相[关应]|公[示章开司共]|文件|盖章|充分|空[缺白]|国家"
    "|步骤|利用|满[意足]|强[化调]|包[干村括含]|广泛|水[平利]|家庭|农[业村]|都|能|须|从|后[期续]|曾[经任]|许可|何[时人]|施工|查"
    "|章程|支[付出部持]|解[决释]|原[则有因任]|母亲|阳光|敬[老请]|畅通|植[树物]|向[上下社群]|成[立员果效本]|万元|银行|青年|修[建订]"
    "|由|双方|祖国|荣誉|党[委组员支建]|宣传|印[章发]|车辆|申[报请]|房[屋产]|幸福|卫生|金[额融]|时[效期]|方[式法向]|明细"
)
_LETTER = r"[\u3400-\u9fff]"
_DOTTED = rf"{_LETTER}{{1,8}}(?:[ ]?[·•・‧][ ]?{_LETTER}{{1,8}}){{1,3}}"
_LATIN = r"[A-Za-z]{2,20}(?:[ .][A-Za-z]{1,20}){0,3}(?![A-Za-z])"
_SPACED = rf"{_LETTER}(?:[ \u3000]{{1,4}}{_LETTER}{{1,2}}){{1,2}}(?!{_LETTER})"
_BY_SURNAME = rf"(?!{_NO_NAME})(?:{_TWO_SURNAMES}|[{_SURNAMES}]{{1,2}})(?:{_LETTER}{{1,2}}?|某{{1,3}})"
# A run ends at any of these.
_ENDS = r"\s,，。;；、:：|/／()（）\[\]【】〔〕《》<>≥≤=%％!！?？\d_"

_GAP = r"[ \t\u3000|_]{0,12}"
# What forms print between the label and its colon: （签字）, 姓名, 及电话, a number.
_LABEL_TAIL = (
    r"(?:[ \t\u3000]?(?:[（(][^（()）\n]{0,12}[）)]|[及和与、/]?"
    r"(?:姓名|签[字名章]|盖章|職務|职务|(?:联系)?电话|联系方式|手机(?:号码|号)?|号码?|\d|[一二三四五])))"
)
_COLON = re.compile(rf"{_LABEL_TAIL}{{0,3}}{_GAP}[:：﹕]{_GAP}")
_NAME_AFTER_COLON = re.compile(
    rf"(?P<name>{_DOTTED}|{_LATIN}|{_SPACED}|[^{_ENDS}]{{2,15}})(?=[{_ENDS}]|$)(?!{_GAP}[:：])"
)
_NAME_NEXT = re.compile(
    r"(?:[ \t\u3000、，,/;；(（)）]{0,4}\+?\d[\d\-]{5,16}\d)?[ \t\u3000、，,/;；(（)）和与及]{1,4}"
    rf"(?P<name>(?!{_NO_NAME})(?:{_DOTTED}|{_LATIN}|{_LETTER}{{2,4}}))(?=[{_ENDS}]|$)(?!{_GAP}[:：])"
)
_NAME_END = rf"(?=[{_ENDS}]|联系|电话|手机|同志|先生|女士|等|负责|担任|$)"
_NAME_BY_SURNAME = re.compile(
    rf"{_LABEL_TAIL}?[\s:：,，、|（(]{{0,4}}(?:均?为|是|系|由|包括)?[\s|（(]{{0,2}}"
    rf"(?P<name>{_DOTTED}|{_BY_SURNAME}){_NAME_END}(?!{_GAP}[:：])"
)
_NAME_NEXT_BY_SURNAME = re.compile(rf"[ ]?[、/][ ]?(?P<name>{_DOTTED}|{_BY_SURNAME}){_NAME_END}(?!{_GAP}[:：])")

_NO_AMOUNT = r"(?!\d|\.\d|,\d{3}(?!\d)|\s{0,3}[十百千万亿元台部套个%])"
_NO_CODE = r"(?<![\d.])(?<!\d[A-Za-z])"
_EXTENSION = r"(?:\s?(?:转|轉|分机|-)\s?\d{1,6})?"
_LANDLINE = (
    r"(?:[（(]0(?:10|2\d|[3-9]\d{2})[）)]|0(?:10|2\d|[3-9]\d{2})|\+86[- ]?0?(?:10|2\d|[3-9]\d{2}))[-—－ ]{0,2}\d{7,8}"
)
_MOBILE = r"(?:\+?86[- ]?)?1[3-9]\d-?\d{4}-?\d{4}"
_PHONE = rf"{_NO_CODE}(?:{_LANDLINE}|{_MOBILE}){_EXTENSION}(?:\s?[/、]\s?\d{{7,8}}{_EXTENSION}){{0,3}}{_NO_AMOUNT}"
_IDENTITY_CARD = (
    rf"{_NO_CODE}[1-9]\d{{5}}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx](?![\dA-Za-z])"
)
# Bounded on both sides, or a long run of letters would be read again from each of them.
_MAIL = r"(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
_SHOWN_BY_FORM = re.compile(f"{_IDENTITY_CARD}|{_PHONE}|{_MAIL}")

_NUMBER_AFTER_COLON = re.compile(rf"(?P<hidden>\+?[（(]?\d[\d\-—－ ()（）]{{3,18}}\d{_EXTENSION}){_NO_AMOUNT}")
_NUMBER_NEXT = re.compile(
    rf"[ ]?[/、，,;；][ ]?(?P<hidden>\+?[（(]?\d[\d\-—－()（）]{{5,18}}\d{_EXTENSION}){_NO_AMOUNT}"
)
# Without a colon a number is a phone number only if it begins like one: 购置手机 1200000 counts money.
_NUMBER = re.compile(rf"\s{{0,4}}(?P<hidden>(?:{_LANDLINE}|{_MOBILE}|[2-8]\d{{6,7}}){_EXTENSION}){_NO_AMOUNT}")
_HANDLE = re.compile(rf"{_LABEL_TAIL}{{0,3}}[\s:：﹕]{{1,4}}(?P<hidden>[A-Za-z0-9][\w.\-@]{{3,40}})", re.ASCII)

# What these roles know is read from reports, so it is no name even where a name could stand.
_ROLES_READ = (
    "column", "event", "level1", "level2", "source", "stage", "rate", "total_score", "grade_label", "project_label",
    "department_label", "unit_label", "section", "empty_value", "kind",
)  # fmt: skip


def mask_private_data(text: str, lexicon: Lexicon) -> str:
    """The text with names after 联系人 and the like, phone numbers, identity cards and mail addresses hidden."""
    folded = fold(text)
    spans = [*_names(folded, lexicon), *_labelled_numbers(folded, lexicon)]
    spans += [match.span() for match in _SHOWN_BY_FORM.finditer(folded)]
    return _hide(text, spans)


def _names(text: str, lexicon: Lexicon) -> Iterator[Span]:
    labels = lexicon.find("contact_label", text)
    starts = [label.start for label in labels]
    all_starts = sorted(starts + [label.start for label in lexicon.find("phone_label", text)])
    known = _known_wordings(lexicon)
    for label in labels:
        stop = _next_start(starts, label.end, text)
        yield from _run_of_names(text, label.end, stop, (_NAME_BY_SURNAME, _NAME_NEXT_BY_SURNAME), known)
        colon = _COLON.match(text, label.end)
        if colon:
            stop = _next_start(all_starts, colon.end(), text)
            yield from _run_of_names(text, colon.end(), stop, (_NAME_AFTER_COLON, _NAME_NEXT), known)


@lru_cache(maxsize=8)
def _known_wordings(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(wording for role in _ROLES_READ for wording in lexicon.wordings(role) if len(wording) > 1)


def _next_start(starts: list[int], place: int, text: str) -> int:
    """Where the next label begins: a name ends there (填表人：王某联系电话：…)."""
    following = bisect_left(starts, place)
    return starts[following] if following < len(starts) else len(text)


def _run_of_names(
    text: str, place: int, stop: int, patterns: tuple[re.Pattern[str], re.Pattern[str]], known: frozenset[str]
) -> Iterator[Span]:
    """The first name by the first pattern, the others by the second, up to a word that reports are read by."""
    first, following = patterns
    match = first.match(text, place, stop)
    if match and match["name"] in known:
        return
    while match:
        yield match.span("name")
        match = following.match(text, match.end("name"), stop)
        if match and _holds_one_of(known, match["name"]):
            return


def _holds_one_of(known: frozenset[str], name: str) -> bool:
    places = range(len(name) + 1)
    return any(name[start:end] in known for start in places for end in places[start + 2 :])


def _labelled_numbers(text: str, lexicon: Lexicon) -> Iterator[Span]:
    for label in lexicon.find("phone_label", text):
        if label.canonical == "handle":
            match = _HANDLE.match(text, label.end)
        else:
            colon = _COLON.match(text, label.end)
            match = _NUMBER_AFTER_COLON.match(text, colon.end()) if colon else _NUMBER.match(text, label.end)
        while match:
            yield match.span("hidden")
            match = _NUMBER_NEXT.match(text, match.end("hidden"))


def _hide(text: str, spans: list[Span]) -> str:
    pieces = []
    place = 0
    for start, end in sorted(spans):
        if end > place:
            start = max(start, place)
            pieces += [text[place:start], MASK * (end - start)]
            place = end
    return "".join([*pieces, text[place:]])
