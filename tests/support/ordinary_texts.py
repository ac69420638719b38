"""Ordinary Chinese pages that are no self-evaluation: full of money, figures, tables and even 绩效, with a seed each.

Every page is made from templates of our own and is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.fixtures.layout_parts import Cell, Part

_COUNTIES = ("青川县", "灵璧县", "罗田县", "靖远县", "东明县", "五华县", "大方县", "平乐县", "新绛县", "涞源县")
_BODIES = ("教育局", "水利局", "民政局", "交通运输局", "农业农村局", "卫生健康局", "自然资源局", "文化馆")
_WORKS = ("道路维修", "渠道清淤", "校舍加固", "路灯更换", "档案整理", "垃圾清运", "防洪演练", "图书采购")
_GOODS = ("复印纸", "办公椅", "投影仪", "墨盒", "饮用水", "文件柜", "打印机", "会议桌", "硬盘", "工作服")
_PLACES = ("河边", "老街", "车站", "茶馆", "山坡", "学校门口", "桥头", "集市")
_PEOPLE = ("老周", "小满", "阿青", "二婶", "木匠", "船工", "邮差", "掌柜")
_CROPS = ("早稻", "油菜", "玉米", "马铃薯", "柑橘", "花生")

PAGES_PER_KIND = 50


def administrative_notice(random: Random) -> list[Part]:
    """A notice of an office: deadlines, telephone hours, sums."""
    county, body, work = random.choice(_COUNTIES), random.choice(_BODIES), random.choice(_WORKS)
    year = random.randint(2016, 2024)
    return [
        f"{county}{body}关于做好{year}年{work}有关工作的通知",
        f"各乡镇人民政府，县直有关单位：为做好{work}工作，现将有关事项通知如下。",
        "一、工作任务",
        f"全县计划安排{work}{random.randint(3, 60)}处，由各乡镇按属地原则组织，{random.randint(2, 11)}月底前完成。",
        "二、资金安排",
        f"县财政安排{_money(random)}，不足部分由乡镇自筹，每处补助标准为{random.randint(2, 30)}000元。",
        "三、有关要求",
        f"请于{random.randint(1, 12)}月{random.randint(1, 28)}日前将实施方案一式{random.randint(2, 5)}份报送我局。",
        f"{county}{body}",
        f"{year}年{random.randint(1, 12)}月{random.randint(1, 28)}日",
    ]


def news(random: Random) -> list[Part]:
    """A local news item with sums, counts and shares."""
    county, work, crop = random.choice(_COUNTIES), random.choice(_WORKS), random.choice(_CROPS)
    return [
        f"{county}：{crop}丰收在望 {work}提速",
        f"本报讯 入夏以来，{county}{crop}长势喜人，种植面积{_decimal(random, 2, 40)}万亩，同比增长{_percent(random)}。",
        f"记者在{random.choice(_PLACES)}看到，工人们正忙着{work}。项目总投资{_money(random)}，"
        f"已完成投资{_money(random)}，完成率{_percent(random)}。",
        f"据介绍，该县今年落实各级资金{_money(random)}，惠及群众{random.randint(300, 9000)}户，"
        f"满意度达{_percent(random)}。",
        f"“往年这条路坑坑洼洼，现在十分钟就到了。”村民{random.choice(_PEOPLE)}说。",
    ]


def novel(random: Random) -> list[Part]:
    """A page of a story: ages, prices and distances in words and digits."""
    person, other = random.sample(_PEOPLE, 2)
    place = random.choice(_PLACES)
    return [
        f"第{random.choice('一二三四五六七八九十')}章 {place}",
        f"{person}在{place}站了很久。那年他{random.randint(15, 60)}岁，口袋里只有{random.randint(2, 90)}块钱。",
        f"“你欠我的{random.randint(100, 900)}元，什么时候还？”{other}问。"
        f"他没有回答，望着{random.randint(2, 9)}里外的灯火。",
        f"雨下了{random.choice('两三四五六七')}天，河水涨到第{random.randint(2, 20)}级台阶。"
        f"{other}把{random.randint(3, 30)}斤米背到阁楼上，又数了一遍账本，一共{_decimal(random, 10, 99)}元。",
        f"天亮的时候，{person}终于开口：“我明年一定回来。”",
    ]


def regulation(random: Random) -> list[Part]:
    """Articles of a regulation with shares, sums and time limits."""
    county, work = random.choice(_COUNTIES), random.choice(_WORKS)
    return [
        f"{county}{work}管理办法",
        "第一章 总则",
        f"第一条 为规范{work}工作，加强资金管理，根据有关规定，结合本县实际，制定本办法。",
        f"第二条 本办法所称专项资金，是指由县财政安排、用于{work}的补助资金。",
        "第二章 资金管理",
        f"第三条 单个项目补助不超过{random.randint(5, 90)}万元，且不高于总投资的{_percent(random)}。",
        f"第四条 资金分{random.randint(2, 3)}次拨付：开工后拨付{random.randint(30, 50)}%，验收合格后拨付其余部分。",
        "第三章 附则",
        f"第五条 本办法自{random.randint(2015, 2024)}年{random.randint(1, 12)}月1日起施行，"
        f"有效期{random.randint(2, 5)}年。",
    ]


def price_list(random: Random) -> list[Part]:
    """A list of prices with totals."""
    rows: list[list[Cell]] = [["序号", "品名", "单位", "数量", "单价（元）", "金额（元）"]]
    total = 0
    for number, goods in enumerate(random.sample(_GOODS, 6), 1):
        count, price = random.randint(1, 60), random.randint(5, 900)
        total += count * price
        rows.append([str(number), goods, random.choice("个台箱包件"), str(count), f"{price}.00", f"{count * price}.00"])
    rows.append([("合计", 1, 5), f"{total}.00"])
    return [f"{random.choice(_COUNTIES)}{random.choice(_BODIES)}办公用品采购清单", rows, "以上报价含税，有效期30天。"]


def minutes(random: Random) -> list[Part]:
    """Minutes of a meeting that decides on money."""
    county, body = random.choice(_COUNTIES), random.choice(_BODIES)
    return [
        f"{county}{body}局长办公会议纪要",
        f"〔{random.randint(2015, 2024)}〕第{random.randint(1, 30)}期",
        f"会议听取了{random.choice(_WORKS)}进展情况的汇报，"
        f"研究了{random.choice(_WORKS)}等{random.randint(2, 6)}项议题。",
        f"一、会议同意安排{_money(random)}用于{random.choice(_WORKS)}，从年初预算中列支。",
        f"二、会议要求加快{random.choice(_WORKS)}进度，{random.randint(3, 12)}月底前支出进度不低于{_percent(random)}。",
        f"三、会议原则同意{random.choice(_WORKS)}实施方案，由办公室牵头，"
        f"{random.randint(5, 20)}个工作日内修改完善后印发。",
        "出席：班子成员。列席：各股室负责人。",
    ]


def tender(random: Random) -> list[Part]:
    """A call for tenders: project name, unit and money in a table, points for the offers."""
    county, body, work = random.choice(_COUNTIES), random.choice(_BODIES), random.choice(_WORKS)
    price, technique = random.choice(((30, 50), (40, 40), (20, 60)))
    table: list[list[Cell]] = [
        ["项目名称", f"{county}{work}"],
        ["采购单位", f"{county}{body}"],
        ["预算金额", _money(random)],
        ["最高限价", _money(random)],
        ["合同履行期限", f"{random.randint(30, 360)}日历天"],
    ]
    return [
        f"{county}{work}竞争性磋商公告",
        table,
        f"评审采用综合评分法：价格{price}分，技术{technique}分，商务{100 - price - technique}分，总分100分。",
        f"获取文件时间：{random.randint(2018, 2024)}年{random.randint(1, 12)}月{random.randint(1, 28)}日起，"
        f"售价{random.randint(1, 5)}00元。",
    ]


def statistics_bulletin(random: Random) -> list[Part]:
    """A bulletin of figures: income, spending, growth."""
    county, year = random.choice(_COUNTIES), random.randint(2015, 2023)
    return [
        f"{county}{year}年国民经济和社会发展统计公报",
        f"全年地区生产总值{_decimal(random, 40, 400)}亿元，比上年增长{_decimal(random, 1, 9)}%。",
        f"一般公共预算收入{_decimal(random, 3, 30)}亿元，一般公共预算支出{_decimal(random, 20, 60)}亿元，"
        f"其中教育支出{_decimal(random, 3, 9)}亿元，增长{_decimal(random, 1, 9)}%。",
        f"年末常住人口{_decimal(random, 10, 90)}万人，城镇化率{_decimal(random, 30, 60)}%。",
        f"粮食产量{_decimal(random, 5, 50)}万吨，其中{random.choice(_CROPS)}{_decimal(random, 1, 5)}万吨。",
    ]


def budget_table(random: Random) -> list[Part]:
    """A table of a unit's budget: headings of money, subjects and sums, no evaluation."""
    county, body, year = random.choice(_COUNTIES), random.choice(_BODIES), random.randint(2018, 2024)
    rows: list[list[Cell]] = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
    for _ in range(5):
        basic, projects = random.randint(10, 900), random.randint(10, 900)
        rows.append(
            [
                str(random.randint(2010101, 2299999)),
                random.choice(_WORKS),
                str(basic + projects),
                str(basic),
                str(projects),
            ]
        )
    return [f"{county}{body}{year}年一般公共预算支出表", "单位：万元", rows]


def performance_notice(random: Random) -> list[Part]:
    """A notice that asks others for self-evaluations: all the words of a report, nothing evaluated."""
    county, year = random.choice(_COUNTIES), random.randint(2018, 2024)
    return [
        f"{county}财政局关于开展{year}年度项目支出绩效自评工作的通知",
        "县直各预算单位：为加强预算绩效管理，现就开展绩效自评工作有关事项通知如下。",
        "一、自评范围",
        f"{year}年度纳入部门预算的全部项目，重点是{random.randint(50, 500)}万元以上的项目。",
        "二、自评内容",
        "对照年初绩效目标，分析项目资金执行情况、产出和效益完成情况以及服务对象满意度。",
        "三、评分方法",
        "自评采用百分制，预算执行率10分，产出指标50分，效益指标30分，满意度指标10分，由单位根据完成情况打分。",
        "四、时间安排",
        f"请各单位于{random.randint(1, 6)}月{random.randint(1, 28)}日前报送自评材料，逾期的将扣减年度考核分值。",
    ]


KINDS: dict[str, Callable[[Random], list[Part]]] = {
    maker.__name__: maker
    for maker in (
        administrative_notice, news, novel, regulation, price_list, minutes, tender, statistics_bulletin, budget_table,
        performance_notice,
    )
}  # fmt: skip


def ordinary_page(kind: str, number: int) -> list[Part]:
    """Page `number` of a kind, always the same."""
    return KINDS[kind](Random(f"{kind} {number}"))


def as_text(parts: list[Part]) -> str:
    """The page as plain text, the cells of a row separated by tabs."""
    lines: list[str] = []
    for part in parts:
        rows = [[part]] if isinstance(part, str) else part
        lines += ["\t".join(cell if isinstance(cell, str) else cell[0] for cell in row) for row in rows]
    return "\n".join(lines) + "\n"


def _money(random: Random) -> str:
    amount, whole = _decimal(random, 1, 900), random.randint(1, 90)
    return random.choice((f"{amount}万元", f"{whole}0000元", f"{amount}亿元", f"{whole}万元"))


def _decimal(random: Random, least: int, most: int) -> str:
    return f"{random.uniform(least, most):.{random.randint(1, 2)}f}"


def _percent(random: Random) -> str:
    return f"{random.randint(51, 100)}%"
