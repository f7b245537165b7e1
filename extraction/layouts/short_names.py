"""Short names of the tax classification, to put asterisks back into item names that lost one or both to recognition.

Since 2018 the issuing systems print `*short name*item` on every VAT invoice (State Taxation Administration notice
2017 No. 45), so a name there that begins with a short name has lost its asterisks. Only names of this list count; a
name that begins with none of them is left as it was read. It is not the whole classification, and was put together
without its official table at hand: a name missing here costs a pair of asterisks, a wrong one would misplace them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from models.invoice import Line

FIRST_DAY = "2019-01-01"  #: a year after the rule, when the last systems had followed
LESS_SURE = 0.8  #: of a row whose asterisks were put back
SHORT_NAMES = frozenset(
    {
        "餐饮服务", "住宿服务", "运输服务", "客运服务", "旅客运输服务", "货物运输服务", "物流辅助服务", "收派服务",
        "仓储服务", "邮政服务", "电信服务", "基础电信服务", "增值电信服务", "信息技术服务", "研发和技术服务",
        "鉴证咨询服务", "广告服务", "设计服务", "会议展览服务", "会展服务", "文化创意服务", "广播影视服务",
        "商务辅助服务", "企业管理服务", "物业管理服务", "经纪代理服务", "人力资源服务", "安全保护服务", "现代服务",
        "生活服务", "居民日常服务", "文化体育服务", "教育服务", "非学历教育服务", "学历教育服务", "医疗服务",
        "旅游服务", "娱乐服务", "建筑服务", "工程服务", "安装服务", "装饰服务", "修缮服务", "金融服务", "贷款服务",
        "直接收费金融服务", "保险服务", "人身保险服务", "财产保险服务", "经营租赁", "融资租赁", "不动产", "无形资产",
        "劳务", "修理修配劳务", "加工劳务", "供电", "发电", "水冰雪", "热力", "燃气", "预付卡销售", "纸制品", "文具",
        "印刷品", "家具", "计算机外部设备", "计算机配套产品", "电子计算机", "通信终端设备", "通信传输设备",
        "电子元件", "电子器件", "电工仪器仪表", "配电控制设备", "电线电缆", "照明装置", "金属制品", "塑料制品",
        "橡胶制品", "玻璃制品", "木制品", "化学药品制剂", "中成药", "生物化学药品", "医疗仪器器械", "汽油", "柴油",
        "润滑油", "机动车", "汽车零部件及配件", "摩托车", "服装", "纺织产品", "日用杂品", "洗涤剂", "化妆品",
        "软饮料", "焙烤食品", "方便食品", "糖果类食品", "乳制品", "肉及肉制品", "蔬菜", "水果", "谷物", "谷物加工品",
        "植物油", "茶叶", "软件", "音像制品", "体育用品", "玩具", "乐器", "办公设备", "机床", "阀门", "五金工具",
        "家用电器",
    }
)  # fmt: skip
_LOST = re.compile(r"[*※★☆×·]?([^*※★☆×]+)", re.DOTALL)


def with_asterisks(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Rows whose name lost an asterisk get both, where a known short name says where the second stood."""
    return tuple(_restored(line) for line in lines)


def _restored(line: Line) -> Line:
    found = _LOST.fullmatch(line.item_name or "")
    if found is None:
        return line
    name = found[1]
    known = max(
        (short for short in SHORT_NAMES if name.startswith(short) and len(name) > len(short)), key=len, default=None
    )
    if known is None:
        return line
    return replace(line, item_name=f"*{known}*{name[len(known) :]}", confidence=line.confidence * LESS_SURE)
