"""What stands in a generated form: bodies, projects, sums that add up, indicators with targets, actuals and points."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from ingest.records import plain

_PLACES = (
    ("", "盐边县"), ("", "大英县"), ("", "泾县"), ("", "罗平县"), ("", "黄梅县"), ("", "炎陵县"), ("", "英德市"),
    ("丽江市", "永胜县"), ("临沧市", "凤庆县"), ("", "奎文区"), ("", "西吉县"), ("", "石柱土家族自治县"),
)  # fmt: skip
_BUREAUS = (
    "水务局", "民政局", "农业农村局", "教育体育局", "卫生健康局", "人力资源和社会保障局", "乡村振兴局", "交通运输局",
    "文化和旅游局", "应急管理局", "残疾人联合会", "疾病预防控制中心", "市场监督管理局",
)  # fmt: skip
_BODIES_BELOW = ("城关镇人民政府", "红旗镇人民政府", "第一中学", "人民医院", "水利工程管理站", "敬老院", "畜牧兽医站")
_PROJECTS = (
    "农村饮水安全工程维修养护", "特困人员救助供养", "小型水库（小(2)型）除险加固", "义务教育营养改善计划",
    "基本公共卫生服务", "高标准农田建设", "“雨露计划”职业教育补助", "残疾人“两项补贴”", "公共图书馆、文化馆免费开放",
    "村级公益事业一事一议财政奖补", "金保网网络租赁", "3岁以下婴幼儿照护托位建设", "12345热线运行", "动物防疫",
    "乡镇污水处理设施运营", "病死畜禽无害化处理（第二批）",
)  # fmt: skip
_PROJECT_TAILS = ("项目", "补助资金", "专项经费", "资金", "专项资金项目", "（直达资金）", "经费")
_GOALS = (
    "按计划完成年度任务，资金足额拨付到位", "完成建设任务并投入使用，改善群众生产生活条件",
    "保障机构正常运转，提高服务水平",
    "1.完成设备购置；2.开展业务培训；3.群众满意度达到90%以上", "资金按时发放到位，受益对象基本生活得到保障",
)  # fmt: skip
_RESULTS = (
    "年度任务已全部完成", "完成主体工程，配套设施正在安装", "全年开展培训3期，设备已投入使用",
    "资金已全部发放，未发生截留挪用",
)  # fmt: skip
_REASONS = (
    "受天气影响工期延后",
    "部分对象自愿放弃，今后加强摸底",
    "采购节约资金",
    "尾款待质保期满后支付",
    "指标设置偏低",
)

_OUTPUT_OBJECTS = (
    ("农村供水管道", "公里"), ("集中供水工程", "处"), ("文化活动室（含室外广场）", "个"), ("护理型床位", "张"),
    ("小(2)型水库", "座"), ("10kV配电线路", "千米"), ("太阳能路灯", "盏"), ("高标准农田", "亩"), ("监控点位", "个"),
    ("义务教育阶段寄宿生生活补助", "人"), ("脱贫户“雨露计划”", "人次"), ("0-6岁残疾儿童康复救助", "人"),
)  # fmt: skip
_VERBS = ("新建", "维修", "改造", "完成", "购置", "发放", "管护", "")
_TAILS = ("数量", "任务数", "", "", "完成量")
_QUALITY = (
    "工程验收合格率", "设备验收合格率", "补助对象认定准确率", "资金使用合规率", "培训合格率", "3D影像资料完整率",
    "PM2.5监测数据有效率", "一类（A级）产品抽检合格率", "政策知晓率", "项目(工程)一次验收合格率",
)  # fmt: skip
_TIMELINESS = ("资金拨付及时率", "项目按期完工率", "任务完成及时率", "补助发放及时率", "24小时内响应率")
_DEADLINES = ("项目完成时间", "资金拨付时限", "工程完工时间")
_COSTS = (
    ("户均改造成本", "元/户"), ("项目总成本", "万元"), ("每亩补助标准", "元/亩"), ("人均培训成本", "元/人"),
    ("小(2)型水库养护标准", "万元/座"), ("单位工程造价", "元/平方米"), ("人均生活补助标准", "元/人·月"),
)  # fmt: skip
_ECONOMIC = (
    ("带动农户户均增收", "元"),
    ("减少群众用水支出", "万元"),
    ("村集体经济增收", "万元"),
    ("节约管护经费", "元"),
)
_SOCIAL = (("受益群众人数", "人"), ("受益脱贫人口", "人"), ("带动就业人数", "人"), ("覆盖行政村数量", "个"))
_MATTERS = (
    "改善农村人居环境", "群众生活质量", "公共服务能力", "水资源利用效率", "保障下游群众防洪安全", "提升应急处置能力",
    "促进城乡教育均衡发展", "减轻困难家庭负担", "农业面源污染", "生态环境质量",
)  # fmt: skip
_LASTING = ("管护机制健全性", "持续发挥工程效益", "长效管理制度建设情况", "可持续服务年限")
_SATISFACTION = ("受益群众满意度", "服务对象满意度", "学生及家长满意度", "受补助对象满意度（≥90%）", "职工满意度")
_PLAIN = (
    ("有效改善", "有效改善"), ("明显提升", "有所提升"), ("合规", "合规"), ("逐步提高", "逐步提高"),
    ("健全", "基本健全"),
    ("显著", "较显著"), ("长期", "达成预期指标"), ("有效保障", "已完成"), ("持续改善", "达成年度指标"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A target as forms print it: comparator, number and unit, each of them possibly empty."""

    nature: str
    value: str
    unit: str
    tail: str = ""

    def __str__(self) -> str:
        return f"{self.nature}{self.value}{self.unit}{self.tail}"


@dataclass(frozen=True, slots=True)
class Goal:
    """One level-3 indicator without its points. `ratio` is what of it was reached, 0–1."""

    name: str
    target: Target
    actual: str
    actual_number: str
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """A row of the money block in yuan; a stage without a sum is an empty cell."""

    initial_budget: Decimal | None = None
    adjusted_budget: Decimal | None = None
    executed: Decimal | None = None
    received: Decimal | None = None
    planned: Decimal | None = None


@dataclass(slots=True)
class Content:
    """Draws what differs from form to form. `place` (city, mostly empty, and county), `unit` and `fiscal_year` stay."""

    random: Random
    fiscal_year: int = field(init=False)
    place: tuple[str, str] = field(init=False)
    unit: str = field(init=False)

    def __post_init__(self) -> None:
        self.fiscal_year = self.random.randint(2016, 2024)
        self.place = self.random.choice(_PLACES)
        self.unit = "".join(self.place) + self.random.choice(_BODIES_BELOW) if self.chance(0.5) else self.bureau()

    def chance(self, share: float) -> bool:
        """True in this share of draws."""
        return self.random.random() < share

    def one_of(self, *choices: str) -> str:
        """One of the wordings."""
        return self.random.choice(choices)

    # ---- who and what

    def bureau(self) -> str:
        """A department in charge, of the same place."""
        return "".join(self.place) + self.random.choice(_BUREAUS)

    def project(self) -> str:
        """A project's name, 3–30 characters, sometimes with a year of its own."""
        name = self.random.choice(_PROJECTS) + self.random.choice(_PROJECT_TAILS)
        return f"{self.fiscal_year}年{name}" if self.chance(0.15) else name

    def goal_text(self) -> str:
        """What was meant to be reached."""
        return self.random.choice(_GOALS) + self.one_of("。", "")

    def result_text(self) -> str:
        """What was reached."""
        return self.random.choice(_RESULTS) + self.one_of("。", "")

    def reason(self) -> str:
        """Why a target was missed."""
        return self.random.choice(_REASONS)

    # ---- numbers

    def count(self) -> int:
        """A count of one to eight digits, short ones more often."""
        digits = self.random.choice((1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8))
        return self.random.randint(10 ** (digits - 1), 10**digits - 1)

    def split(self, total: int, parts: int) -> list[Decimal]:
        """Points that sum up to `total`, in steps of a half, none zero."""
        halves = total * 2
        cuts = sorted(self.random.sample(range(1, halves), parts - 1))
        if self.chance(0.6):
            whole = range(2, halves, 2)
            cuts = sorted(self.random.sample(whole, parts - 1)) if len(whole) >= parts - 1 else cuts
        return [Decimal(high - low) / 2 for low, high in zip([0, *cuts], [*cuts, halves], strict=True)]

    def share_spent(self) -> Decimal:
        """Executed over budget."""
        if self.chance(0.4):
            return Decimal(1)
        return Decimal(self.random.randint(3000, 9999)) / 10000

    # ---- indicators

    def goal(self, kind: str) -> Goal:
        """A level-3 indicator that belongs below a level 2 (`quantity`, `quality`, `timeliness`, `cost`, …)."""
        match kind:
            case "quantity":
                thing, unit = self.random.choice(_OUTPUT_OBJECTS)
                return self._counted(self.random.choice(_VERBS) + thing + self.random.choice(_TAILS), unit)
            case "quality":
                return self._accident() if self.chance(0.15) else self._rate(self.random.choice(_QUALITY))
            case "timeliness":
                if self.chance(0.3):
                    return self._deadline(self.random.choice(_DEADLINES))
                return self._rate(self.random.choice(_TIMELINESS))
            case "cost":
                return self._cost(*self.random.choice(_COSTS))
            case "economic":
                return self._counted(*self.random.choice(_ECONOMIC)) if self.chance(0.5) else self._matter(_MATTERS)
            case "social":
                return self._counted(*self.random.choice(_SOCIAL)) if self.chance(0.5) else self._matter(_MATTERS)
            case "ecological":
                return self._matter(_MATTERS)
            case "lasting":
                return self._matter(_LASTING)
            case _:
                return self._rate(self.random.choice(_SATISFACTION))

    def _ratio(self) -> Decimal:
        return Decimal(1) if self.chance(0.7) else Decimal(self.random.randint(50, 99)) / 100

    def _counted(self, name: str, unit: str) -> Goal:
        wanted, ratio = self.count(), self._ratio()
        reached = max(1, int(wanted * ratio)) if ratio < 1 else wanted + self.random.choice((0, 0, 1, 3, wanted // 9))
        nature, tail = self.random.choice(
            (("≥", ""), ("≥", ""), ("≧", ""), (">=", ""), ("=", ""), ("＝", ""), ("═", ""), ("", ""), ("", "以上"),
             ("大于等于", ""), ("不少于", ""), ("不低于", ""))
        )  # fmt: skip
        unit_shown = unit if self.chance(0.8) else ""
        target = Target(nature, str(wanted), unit_shown, tail if unit_shown else "")
        return Goal(name, target, f"{reached}{unit_shown}", str(reached), min(Decimal(1), Decimal(reached) / wanted))

    def _rate(self, name: str) -> Goal:
        wanted, ratio = self.random.choice((85, 90, 90, 95, 95, 98, 100, 100)), self._ratio()
        reached = Decimal(wanted) * ratio if ratio < 1 else Decimal(self.random.randint(wanted, 100))
        reached = reached.quantize(Decimal("0.1")) if self.chance(0.3) else reached.quantize(Decimal(1))
        if self.chance(0.05):
            per_mille = f"{self.random.randint(1, 9)}.{self.random.randint(1, 9)}"
            return Goal(name.replace("率", "差错率"), Target("≤", per_mille, "‰"), "0.3‰", "0.3", Decimal(1))
        nature, tail = self.random.choice(
            (("≥", ""), ("≥", ""), ("≥", ""), ("=", ""), ("", ""), ("", "以上"), ("大于等于", ""), (">=", ""), ("", ""))
        )
        percent = "%" if self.chance(0.85) else "％"
        if self.chance(0.05):
            return Goal(name, Target("", f"{wanted - 5}%-{wanted}", percent), f"{reached}%", str(reached), ratio)
        target = Target(nature, str(wanted), percent, tail)
        return Goal(name, target, f"{reached}%", str(reached), min(Decimal(1), reached / wanted))

    def _accident(self) -> Goal:
        return Goal(
            "安全事故发生次数", Target(self.one_of("=", "", "≤"), "0", self.one_of("起", "次")), "0", "0", Decimal(1)
        )

    def _deadline(self, name: str) -> Goal:
        month = self.random.randint(6, 12)
        if self.chance(0.5):
            return Goal(name, Target(self.one_of("≤", ""), str(month), "月"), f"{month}月", str(month), Decimal(1))
        text = self.one_of(f"{month}月底前", f"{self.fiscal_year}年{month}月底", f"{self.fiscal_year}年{month}月30日前")
        return Goal(
            name,
            Target("", text, ""),
            self.one_of("按期完成", f"{self.fiscal_year}年{month}月"),
            "按期完成",
            Decimal(1),
        )

    def _cost(self, name: str, unit: str) -> Goal:
        amount = Decimal(self.count()) / self.random.choice((1, 1, 10, 100))
        spent = amount if self.chance(0.6) else (amount * Decimal("0.9")).quantize(Decimal("0.01"))
        nature = self.random.choice(("≤", "≤", "<=", "", "小于等于", "不超过", "="))
        target = Target(nature, plain(amount), unit)
        return Goal(name, target, f"{plain(spent)}{unit}", plain(spent), Decimal(1))

    def _matter(self, names: tuple[str, ...]) -> Goal:
        wanted, reached = self.random.choice(_PLAIN)
        ratio = Decimal(1) if wanted == reached else Decimal("0.8")
        return Goal(self.random.choice(names), Target("", wanted, ""), reached, reached, ratio)


def rounded(number: Decimal, places: int) -> Decimal:
    """Half up, as forms do."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
