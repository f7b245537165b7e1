"""Traditional characters in recognised text, back to the simplified ones that mainland invoices print.

Pixels that have run together read as a traditional form (電子發票, 納稅人識別號). Only recognised text goes through
here, never a text layer; only characters of printed labels and of common names that have a single simplified form.
"""

from __future__ import annotations

_TRADITIONAL = (
    "電發專稅稱納識別號碼開戶賬帳銷購貨單價數額機編項規張聯會計複備註國統監製務總應勞區員類構證驗幣寫"
    "圓萬億陸貳參陳楊趙黃吳馬劉許鄧馮蕭鄭韓龍龔葉鍾譚盧羅陽賈鄒錢湯嚴孫蘇華東門廣濟寧蘭遼鄉鎮縣廈閩島"
    "銀業產農資訊實貿質財創設術環藝車輛運輸飲館飯倉儲樓層棟園臺灣醫藥學軟體綠藍紅紙圖書報線纜鋼鐵鋁銅"
    "絲網織褲衛潔療檢測儀錶裝飾傢俱廚燈籠鍵顯鏡頭歲豐興榮慶順達聖鳳"
    "漢溫濱瀋齊齡莊遷滄橋嶺寶雞貴陝肅連盤錦劍閣壩瀘潁場臨淶棗營亞從樂寬遠贛時間"
)
_SIMPLIFIED = (
    "电发专税称纳识别号码开户账账销购货单价数额机编项规张联会计复备注国统监制务总应劳区员类构证验币写"
    "圆万亿陆贰参陈杨赵黄吴马刘许邓冯萧郑韩龙龚叶钟谭卢罗阳贾邹钱汤严孙苏华东门广济宁兰辽乡镇县厦闽岛"
    "银业产农资讯实贸质财创设术环艺车辆运输饮馆饭仓储楼层栋园台湾医药学软体绿蓝红纸图书报线缆钢铁铝铜"
    "丝网织裤卫洁疗检测仪表装饰家具厨灯笼键显镜头岁丰兴荣庆顺达圣凤"
    "汉温滨沈齐龄庄迁沧桥岭宝鸡贵陕肃连盘锦剑阁坝泸颍场临涞枣营亚从乐宽远赣时间"
)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplified(text: str) -> str:
    """The text with every known traditional character in its simplified form; its length stays the same."""
    return text.translate(_TO_SIMPLIFIED)
