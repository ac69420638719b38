"""Private persons are masked before anything is read: names and phone numbers never reach a record.

A mask has the length of what it hides, so offsets into the text stay true.
"""

from __future__ import annotations

import re

from ingest.lexicon import Lexicon

MASK = "＊"

# The surnames that begin nearly all Chinese personal names: what follows 联系人 is a name only if it begins like one.
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪"
    "舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸"
    "左石崔吉龚程邢裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘"
    "景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰雍桑桂濮牛寿通边扈燕冀郏浦尚"
    "农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那"
    "简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖付岳覃闫邸苟代佟"
)
_PHONE = r"(?<![\d.])(?:1[3-9]\d{9}|0\d{2,3}[-—－ ]?\d{7,8})(?!\d|\.\d|\s*[元万亿])"
_LABELLED_NUMBER = r"[:：\s]*(?P<hidden>\d[\d\-—－ ]{5,16}\d)"
_IDENTITY_CARD = r"(?<!\d)\d{17}[\dXx](?!\d)"
_MAIL = r"[\w.+-]+@[\w-]+\.[\w.]+"


def mask_private_data(text: str, lexicon: Lexicon) -> str:
    """The text with names after 联系人 and the like, phone numbers, identity cards and mail addresses hidden."""
    for label in lexicon.find("contact_label", text):
        text = _mask_name_after(text, label.end)
    for label in lexicon.find("phone_label", text):
        number = re.compile(_LABELLED_NUMBER).match(text, label.end)
        if number:
            text = _hide(text, *number.span("hidden"))
    return re.sub(f"{_PHONE}|{_IDENTITY_CARD}|{_MAIL}", lambda match: MASK * len(match.group()), text)


def _mask_name_after(text: str, place: int) -> str:
    name = re.compile(
        rf"(?:及(?:联系)?电话)?[\s:：,，、|（(]{{0,4}}(?P<name>[{_SURNAMES}][\u4e00-\u9fff·某]{{1,3}}?)"
        r"(?=[\s,，。;；、:：|（()）\d]|联系|电话|$)"
    ).match(text, place)
    return _hide(text, *name.span("name")) if name else text


def _hide(text: str, start: int, end: int) -> str:
    return text[:start] + MASK * (end - start) + text[end:]
