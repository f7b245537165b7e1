"""Invented companies and people. Never a real one: the trade names are rare characters joined at random."""

from __future__ import annotations

from random import Random

from samples.codes import AREAS, Area, digits, new_uscc
from samples.truth import Party

_FIRST = "澜栎芷砚璟珩霁岫瑾筠樾沅祺昱翊澄淇煜晗霖"
_SECOND = "朔禾汀岚屿桓曜川阙衡舟柯壑峤辰陌溪沐霆穹"
_THIRD = ("", "", "", "科", "联", "信", "瑞", "恒")
_TRADES = {
    "goods": ("商贸有限公司", "电子商务有限公司", "办公用品有限公司", "供应链管理有限公司", "贸易有限责任公司"),
    "equipment": ("机电设备有限公司", "电子科技有限公司", "自动化设备股份有限公司", "仪器仪表有限公司"),
    "food": ("餐饮管理有限公司", "餐饮有限公司", "食品有限公司"),
    "lodging": ("酒店管理有限公司", "大酒店有限公司", "酒店投资管理有限公司"),
    "service": ("信息技术有限公司", "企业管理咨询有限公司", "会计师事务所（普通合伙）", "物业服务有限公司"),
    "transport": ("物流有限公司", "客运有限公司", "汽车租赁有限公司"),
    "farm": ("农产品开发有限公司", "生态农业专业合作社"),
    "toll": ("高速公路有限公司", "高速公路股份有限公司"),
    "print": ("印刷有限公司", "图文广告有限公司"),
    "building": ("建筑工程有限公司", "建设集团股份有限公司", "装饰工程有限公司"),
    "property": ("置业有限公司", "资产管理有限公司", "产业园运营管理有限公司"),
    "fuel": ("石油化工销售有限公司", "加油站（普通合伙）"),
    "vehicle": ("汽车销售服务有限公司", "汽车贸易有限公司"),
    "insurance": ("财产保险股份有限公司",),
    "air": ("航空服务有限公司", "国际旅行社有限公司"),
}  # fmt: skip
_STREETS = ("云栖路", "锦绣大道", "科苑北路", "长兴街", "望江路", "学府东路", "临港大道", "梧桐街")
_BANKS = ("中国工商银行", "中国建设银行", "招商银行", "中国农业银行股份有限公司", "交通银行", "浦发银行")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英晓雪婷建华志玉兰欣佳怡浩宇梓涵思雨晨阳"


def new_person(rng: Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2))))


def new_company(rng: Random, trade: str, area: Area | None = None) -> Party:
    """A company of that trade with address, phone, bank and a valid tax id."""
    area = area or rng.choice(AREAS)
    brand = rng.choice(_FIRST) + rng.choice(_SECOND) + rng.choice(_THIRD)
    kind = rng.choice(_TRADES[trade])
    place = area.name if trade == "toll" else area.city
    shape = rng.random()
    if shape < 0.6:
        name = f"{place}{'市' if trade != 'toll' and rng.random() < 0.3 else ''}{brand}{kind}"
    elif shape < 0.85:
        name = f"{brand}（{place}）{kind}"
    else:
        name = f"{place}{brand}{kind}{rng.choice('东西南北')}城分公司"
    district = f"{area.city}市{rng.choice('高新江滨城')}{rng.choice('新宁湖河')}区"
    return Party(
        name=name,
        tax_id=new_uscc(rng, area),
        address_phone=f"{district}{rng.choice(_STREETS)}{rng.randint(1, 999)}号"
        f"{area.dialling}-{rng.randint(2, 8)}{digits(rng, 7)}",
        bank_account=f"{rng.choice(_BANKS)}{area.city}{rng.choice('城新江东南')}{rng.choice('南北湖宁')}支行"
        f"{rng.randint(1, 9)}{digits(rng, 17)}",
        area=area,
    )


def tax_office(rng: Random, area: Area) -> Party:
    """The printed seller of a 代开 invoice: a tax office with a 15-character number."""
    return Party(
        name=f"国家税务总局{area.city}市{rng.choice('江滨城湖')}{rng.choice('东南宁北')}区税务局（代开机关）",
        tax_id=f"1{area.district}DK{digits(rng, 5)}{rng.randint(0, 9)}",
        area=area,
    )


def new_person_id(rng: Random, area: Area) -> str:
    """An invented identity number whose check character is right."""
    born = f"{rng.randint(1960, 2003)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = f"{area.district}{born}{digits(rng, 3)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


PERSON_BUYER = "个人"
