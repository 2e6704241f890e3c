"""Titles of standard codes in Chinese (domain reference, chapter 2): what ``xLabel`` fields show."""

_ETHNIC_GROUP_NAMES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
_ETHNIC_GROUPS = _ETHNIC_GROUP_NAMES.split()


def _table(text: str) -> dict[str, str]:
    """``code title code title ...``."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


TITLES: dict[str, dict[str, str]] = {
    "sex": _table("0 未知的性别 1 男 2 女 9 未说明的性别"),
    "ethnicity": {f"{n:02}": f"{name}族" for n, name in enumerate(_ETHNIC_GROUPS, 1)} | _table("97 其他 98 外国血统"),
    "politicalStatus": _table(
        "01 中国共产党党员 02 中国共产党预备党员 03 中国共产主义青年团团员 04 民革党员 05 民盟盟员 06 民建会员 "
        "07 民进会员 08 农工党党员 09 致公党党员 10 九三学社社员 11 台盟盟员 12 无党派民主人士 13 群众"
    ),
    "education": _table(
        "10 研究生教育 11 博士研究生毕业 12 博士研究生结业 13 博士研究生肄业 14 硕士研究生毕业 15 硕士研究生结业 "
        "16 硕士研究生肄业 17 研究生班毕业 18 研究生班结业 19 研究生班肄业 20 大学本科教育 21 大学本科毕业 "
        "22 大学本科结业 23 大学本科肄业 28 大学普通班毕业 30 大学专科教育 31 大学专科毕业 32 大学专科结业 "
        "33 大学专科肄业 40 中等职业教育 41 中等专科毕业 42 中等专科结业 43 中等专科肄业 44 职业高中毕业 "
        "45 职业高中结业 46 职业高中肄业 47 技工学校毕业 48 技工学校结业 49 技工学校肄业 60 普通高级中学教育 "
        "61 普通高中毕业 62 普通高中结业 63 普通高中肄业 70 初级中学教育 71 初中毕业 73 初中肄业 80 小学教育 "
        "81 小学毕业 83 小学肄业 90 其他"
    ),
    "divisionLevel": _table("2 市级 3 县级 4 乡级 5 村级"),
    "urbanRural": _table("111 主城区 112 城乡结合区 121 镇中心区 122 镇乡结合区 123 特殊区域 210 乡中心区 220 村庄"),
    "orgType": _table(
        "611 党委 612 党组 621 党总支部 631 党支部 632 联合党支部 911 临时党委 921 临时党总支部 931 临时党支部 "
        "932 临时联合党支部 GROUP 党小组"
    ),
    "unitSituation": _table("1 与上级党组织相同 2 法人单位 3 联合党支部"),
    "memberCategory": _table("1 正式党员 2 预备党员"),
    "occupation": _table(
        "11 工人 12 农牧渔民 21 专业技术人员 22 企事业单位管理人员 31 党政机关工作人员 41 学生 51 离退休人员 "
        "61 其他职业人员"
    ),
    "membershipState": _table("NORMAL 正常 RETAINED 保留党籍 RESTORED 恢复党籍 SUSPENDED 停止党籍 EXPELLED 开除党籍"),
    "lostReason": _table(
        "1 外出务工经商 2 单位改制或破产 3 毕业后去向不明 4 工作单位改变 5 出国(境) 6 居住地改变 7 其他"
    ),
    "appraisal": _table("1 优秀 2 合格 3 基本合格 4 不合格"),
    "activityType": _table(
        "01 支部党员大会 02 支部委员会 03 党小组会 04 党课 05 主题党日 06 组织生活会 07 民主评议党员 08 谈心谈话"
    ),
    "attendanceStatus": _table("1 到会 2 请假 3 缺席 4 线上"),
    "duesChannel": _table("1 线上支付 2 手机银行 3 银行代扣 4 现金代缴"),
    "unitType": _table(
        "121 事业单位 122 社会团体 123 基金会 124 社会服务机构 129 其他非营利法人 131 机关 132 农村集体经济组织 "
        "133 城镇农村合作经济组织 134 基层群众自治组织 139 其他特别法人"
    ),
    "unitRank": _table("5 正厅级 6 副厅级 7 正处级 8 副处级 9 正科级 10 副科级 11 股级"),
    "unitStatus": _table("1 正常 2 撤并"),
    "postType": _table("1 行政编制 2 参公事业编制 3 事业编制 4 工勤编制 5 政法专项编制"),
    "staffState": _table("1 在职 2 借调 3 退休 4 调出"),
    "transferKind": _table("1 市内 2 省内跨市 3 跨省 4 其他"),
    "transferState": _table("10 发起 20 转出审批 30 转接中 40 接收审批 50 已接收 60 退回 70 撤销 80 逾期"),
    "disciplineKind": _table("01 警告 02 严重警告 03 撤销党内职务 04 留党察看 05 开除党籍"),
    "volunteerService": _table("1 政策宣讲 2 帮扶慰问 3 环境整治 4 文体服务 5 应急救援 9 其他"),
    "dutyLevel": _table(
        "5 厅局级正职 6 厅局级副职 7 县处级正职 8 县处级副职 9 乡科级正职 10 乡科级副职 17 科员 18 办事员"
    ),
    "cadreAssessment": _table("1 优秀 2 称职 3 基本称职 4 不称职"),
    "successionKind": _table("1 合并 2 更名 3 分立 4 撤销"),
    "itemType": _table(
        "01 行政许可 02 行政处罚 03 行政强制 04 行政征收 05 行政给付 06 行政检查 07 行政确认 08 行政奖励 09 "
        "行政裁决 10 其他行政权力 20 公共服务"
    ),
    "itemHandling": _table("1 即办件 2 承诺件"),
    "exerciseLevel": _table("2 市级 3 县级 4 乡级 5 村级"),
    "itemStatus": _table("1 在用 2 暂停 3 取消"),
    "applicantType": _table("1 自然人 2 法人"),
    "caseState": _table("01 收件 02 补正 03 受理 04 不予受理 05 审查 06 决定 07 办结 08 退件 09 撤回"),
    "stationLevel": _table("1 市级 2 县级 3 乡级 4 村级"),
    "stationStatus": _table("1 开放 2 暂停 3 撤销"),
    "ticketType": _table("01 咨询 02 求助 03 投诉 04 举报 05 建议 06 表扬 99 其他"),
    "ticketState": _table("1 待派 2 办理中 3 已办结 4 已归档"),
    "regState": _table("1 存续 2 吊销 3 注销 4 迁出"),
    "industry": _table(
        "A 农、林、牧、渔业 B 采矿业 C 制造业 D 电力、热力、燃气及水生产和供应业 E 建筑业 F 批发和零售业 G "
        "交通运输、仓储和邮政业 H 住宿和餐饮业 I 信息传输、软件和信息技术服务业 J 金融业 K 房地产业 L "
        "租赁和商务服务业 M 科学研究和技术服务业 N 水利、环境和公共设施管理业 O 居民服务、修理和其他服务业 P 教育 "
        "Q 卫生和社会工作 R 文化、体育和娱乐业 S 公共管理、社会保障和社会组织 T 国际组织"
    ),
    "coopType": _table("1 县社 2 基层社 3 村级综合服务社 4 社属企业 5 农民专业合作社"),
    "modelGrade": _table("1 国家级 2 省级 3 市级 4 县级"),
    "supplyService": _table("AGRI_SUPPLY 农资 GROCERIES 日用品 PURCHASING 收购 EXPRESS 快递 FINANCE 金融便民"),
    "pointStatus": _table("1 营业 2 停业"),
    "shopStatus": _table("1 营业 2 关店 3 冻结"),
    "productCategory": _table("101 粮油 102 果蔬 103 畜禽 104 水产 105 茶 106 加工食品 201 农资 301 日用品"),
    "orderStatus": _table("10 待付 20 已付 30 发货 40 完成 50 取消 60 退款"),
    "payChannel": _table("1 微信 2 支付宝 3 银联 4 现金"),
    "carrier": _table("SF 顺丰 YTO 圆通 ZTO 中通 STO 申通 YD 韵达 POST 邮政 COOP 供销物流"),
    "shipmentStatus": _table("1 揽收 2 在途 3 到站 4 签收 5 异常"),
}
"""Code table -> code -> title."""

ETHNICITY_WORDS = {
    spelling: f"{n:02}" for n, name in enumerate(_ETHNIC_GROUPS, 1) for spelling in (name, f"{name}族")
} | {"其他": "97", "外国血统": "98"}
"""S3's words for ethnic groups, with and without 族."""


def same(table: str) -> dict[str, str]:
    """The codes of a table for a source that writes them as they are."""
    return {known: known for known in TITLES[table]}
