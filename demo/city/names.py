"""Invented names: of people by surname and given name, of places by stem."""

import random
from itertools import accumulate

_SURNAMES = (
    "李张王刘陈杨黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文覃向庹鲁涂"
)
_SURNAME_WEIGHTS = tuple(accumulate(100 / (1 + n / 12) for n in range(len(_SURNAMES))))
_COMPOUND_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟")
_MALE = (
    "伟强磊军洋勇杰涛明超刚平辉健鹏斌波宁志建国华文武斌林海峰德福生荣贵成龙学友胜松柏山东亮云飞宏旺祥顺春秋江河清泉立新长远"
    "振兴家义仁礼智信良才俊哲启元"
)
_FEMALE = (
    "芳娜敏静丽娟艳霞秀兰英玲桂香月莲珍红梅桃琼燕萍菊凤仙翠玉婷雪慧洁颖莉倩蓉琴云素真爱华冬春秋淑贞惠珠雅琳佳欣怡晓晴雯莹"
    "芬群先双元满姣妹"
)
RARE_CHARACTERS = "㛃𫖯䶮𬱖"
"""Characters of given names that GBK cannot hold; S1 keeps a question mark in their place."""

_PLACE_FIRST = "青白黄金银石龙凤云清双大长太新永高古福和红竹花松梅荷柳桂枫杉仙鹤鹿牛马虎狮玉宝珠"
_PLACE_SECOND = "山水泉桥湖溪岭坪塘洲港冲湾潭堰峰林堤铺垸坡洞庙台井滩关寨园沟"
PLACE_STEMS = tuple(first + second for first in _PLACE_FIRST for second in _PLACE_SECOND)
"""Stems of invented towns, villages, schools and firms."""


def person_name(rng: random.Random, *, male: bool, ethnicity: str = "01", rare: bool = False) -> str:
    """A person's name of two to four characters; ``rare`` puts in a character that GBK lacks."""
    draw = rng.random()
    if ethnicity == "05":
        surname = "翦"  # the surname of the Uyghurs of Taoyuan
    elif draw < 0.006:
        surname = _COMPOUND_SURNAMES[int(draw * 1000)]
    else:
        surname = rng.choices(_SURNAMES, cum_weights=_SURNAME_WEIGHTS)[0]
    given = _MALE if male else _FEMALE
    first = given[int(rng.random() * len(given))]
    last = "" if rng.random() < 0.22 else given[int(rng.random() * len(given))]
    if rare:
        last = RARE_CHARACTERS[int(rng.random() * len(RARE_CHARACTERS))]
    return surname + first + last


def lossy(name: str) -> str:
    """What a GBK column keeps of ``name``."""
    return name.encode("gbk", "replace").decode("gbk")
