"""bole import units | persons FILE --site SITE: first data from Excel."""

import argparse
import sys
from pathlib import Path

from bole.kernel.actors import system
from bole.kernel.errors import Invalid
from bole.organizations.actions import import_units
from bole.people.actions import import_persons


def arguments(parser: argparse.ArgumentParser) -> None:
    """What, from where, for whom."""
    parser.add_argument("what", choices=["units", "persons"], help="units 单位，persons 人员")
    parser.add_argument("file", type=Path, metavar="文件.xlsx")
    parser.add_argument("--site", required=True, metavar="站点")


def run(options: argparse.Namespace) -> int:
    """All rows or none: every fault is listed with its row, so that one correction round is enough."""
    if not options.file.is_file():
        raise FileNotFoundError(2, "", str(options.file))
    load = import_units if options.what == "units" else import_persons
    try:
        made = load(options.file, site=options.site, by=system(f"import {options.what}"))
    except Invalid as invalid:
        for fault in invalid.faults:
            print(f"{fault.at}：{fault.say}", file=sys.stderr)
        print(f"没有导入任何数据：共 {len(invalid.faults)} 处需要改正，改好后请重新导入。", file=sys.stderr)
        return 1
    print(f"已导入 {made} 条。")
    return 0
