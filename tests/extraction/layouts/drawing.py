"""Draws pages of positioned text for the layout tests: invented invoices in the proportions of the printed forms."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from models.pages import Box, Page, Segment, Token

#: item table labels of the old form and their middles in fractions of the frame
OLD_LABELS = {
    "货物或应税劳务、服务名称": 0.13,
    "规格型号": 0.315,
    "单位": 0.40,
    "数量": 0.485,
    "单价": 0.595,
    "金额": 0.72,
    "税率": 0.8175,
    "税额": 0.9225,
}
OLD_RIGHT = {"数量": 0.53, "单价": 0.645, "金额": 0.785, "税额": 0.995}


@dataclass
class Drawing:
    """A page being drawn; positions are fractions of `frame` (x0, y0, x1, y1 in page units)."""

    width: float = 1600
    height: float = 1000
    frame: tuple[float, float, float, float] = (60, 220, 1540, 920)
    size: float = 20
    tokens: list[Token] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)

    def x(self, fraction: float) -> float:
        return self.frame[0] + fraction * (self.frame[2] - self.frame[0])

    def y(self, fraction: float) -> float:
        return self.frame[1] + fraction * (self.frame[3] - self.frame[1])

    def put(
        self, x: float, y: float, text: str, *, right: bool = False, middle: bool = False, confidence: float = 0.99
    ) -> Drawing:
        """Text at a place: `x` is its left side, its right side, or its middle."""
        width = sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text) * self.size
        left = self.x(x) - (width if right else width / 2 if middle else 0)
        top = self.y(y) - self.size * 0.6
        self.tokens.append(Token(text, Box(left, top, left + width, top + self.size * 1.2), confidence))
        return self

    def upright(self, x: float, y0: float, y1: float, text: str) -> Drawing:
        """A vertical strip (购买方)."""
        box = Box(self.x(x), self.y(y0), self.x(x) + self.size, self.y(y1))
        self.tokens.append(Token(text, box, 0.99, None, vertical=True))
        return self

    def page(self, number: int = 1) -> Page:
        return Page(number, self.width, self.height, tuple(self.tokens), tuple(self.segments))


def old_form(title: str = "浙江增值税电子普通发票", drawing: Drawing | None = None) -> Drawing:
    """The printed labels of the old form, nothing filled in."""
    form = drawing or Drawing()
    form.put(0.5, -0.20, title, middle=True)
    for y, text in ((0.03, "名称："), (0.09, "纳税人识别号："), (0.15, "地址、电话："), (0.21, "开户行及账号：")):
        form.put(0.045, y, text).put(0.045, y + 0.77, text)
    for text, x in OLD_LABELS.items():
        form.put(x, 0.26, text, middle=True)
    form.put(0.10, 0.67, "合").put(0.19, 0.67, "计")
    form.put(0.07, 0.735, "价税合计（大写）").put(0.73, 0.735, "（小写）")
    form.upright(0.005, 0.02, 0.22, "购买方").upright(0.575, 0.02, 0.22, "密码区")
    form.upright(0.005, 0.79, 0.99, "销售方").upright(0.575, 0.8, 0.98, "备注")
    form.put(0.02, 1.03, "收款人：").put(0.30, 1.03, "复核：").put(0.52, 1.03, "开票人：").put(
        0.72, 1.03, "销售方：（章）"
    )
    return form


def fill_old_form(form: Drawing, *, down: float = 0.0) -> Drawing:
    """Invented values in their places; `down` moves the whole print against the form, as a drifting printer does."""
    form.put(0.71, -0.24, "发票代码：033002100411").put(0.71, -0.19, "发票号码：20418837")
    form.put(0.71, -0.14, "开票日期：2022年03月08日").put(0.71, -0.09, "校验码：10293 84756 56473 82910")
    form.put(0.02, -0.06, "机器编号：661912345678")
    form.put(0.17, 0.03 + down, "宁波栖岚机械有限公司").put(0.17, 0.09 + down, "91330205MA2AF1234X")
    form.put(0.17, 0.15 + down, "宁波市江北区云飞路9号0574-81230001").put(
        0.17, 0.21 + down, "甬江银行江北支行30100200300"
    )
    for y, text in (
        (0.03, "03*8<>2+91/4-77*0025>>+1<"),
        (0.09, "-82*7+5501<4>9*66-/+20>1<"),
        (0.15, "/9>0*2<+418>5-7733*10+/4<"),
    ):
        form.put(0.62, y, text)
    form.put(0.008, 0.33 + down, "*软饮料*气泡水").put(0.315, 0.33 + down, "330ml", middle=True)
    form.put(0.40, 0.33 + down, "箱", middle=True).put(0.53, 0.33 + down, "12", right=True)
    form.put(0.645, 0.33 + down, "35.4", right=True).put(0.785, 0.33 + down, "424.80", right=True)
    form.put(0.83, 0.33 + down, "13%", right=True).put(0.995, 0.33 + down, "55.22", right=True)
    form.put(0.785, 0.67 + down, "￥424.80", right=True).put(0.995, 0.67 + down, "￥55.22", right=True)
    form.put(0.30, 0.735 + down, "肆佰捌拾圆零贰分").put(0.81, 0.735 + down, "￥480.02")
    form.put(0.17, 0.80 + down, "绍兴禾沐饮品有限公司").put(0.17, 0.86 + down, "91330602MA2D91827K")
    form.put(0.17, 0.92 + down, "绍兴市越城区胜利路1号0575-80001111").put(
        0.17, 0.98 + down, "越州银行胜利支行4567000123"
    )
    form.put(0.62, 0.82, "订单号:7788")
    form.put(0.08, 1.03, "沈一舟").put(0.35, 1.03, "陆青").put(0.58, 1.03, "何知秋")
    return form
