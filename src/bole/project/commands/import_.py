"""bole import units | persons | operators | insurance FILE [--site SITE | --template]: first data from Excel."""

import argparse
from pathlib import Path

from bole.definitions.queries import catalogue
from bole.kernel.actors import system
from bole.kernel.errors import Refused
from bole.organizations.actions import import_operators, import_units, operator_template, unit_template
from bole.people.actions import import_insurance, import_persons, insurance_template, person_template

_WHAT = {
    "units": (import_units, unit_template),
    "persons": (import_persons, person_template),
    "operators": (import_operators, operator_template),
    "insurance": (import_insurance, insurance_template),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What, from where, for whom."""
    parser.add_argument(
        "what", choices=list(_WHAT), help="units 单位，persons 人员，operators 经办人员，insurance 参保登记"
    )
    parser.add_argument("file", type=Path, metavar="文件.xlsx")
    parser.add_argument("--site", metavar="站点", help="默认为唯一有事项的站点")
    parser.add_argument("--template", action="store_true", help="不导入，只把空白模板写到这个文件")


def run(options: argparse.Namespace) -> int:
    """Write the template, or take over what can be taken.

    Other rows go into a workbook beside the file, each with its reason.
    """
    if options.template:
        options.file.write_bytes(_WHAT[options.what][1]())
        print(f"模板已写到 {options.file}，填写后去掉 --template 再次运行。")
        return 0
    load = _WHAT[options.what][0]
    report = load(options.file.read_bytes(), site=options.site or _only_site(), by=system(f"import {options.what}"))
    print(f"新增 {report.created} 条，更新 {report.updated} 条，没有变化 {report.unchanged} 条。")
    if not report.failures:
        return 0
    beside = options.file.with_name(f"{options.file.stem}-未导入.xlsx")
    beside.write_bytes(report.failures)
    print(f"未导入 {report.failed} 条，各行原因见 {beside}，改正后可直接再次导入。")
    return 1


def _only_site() -> str:
    """The site that has services, while there is one. Raises Refused when it has to be said."""
    sites = sorted({site for site, _ in catalogue().services})
    if len(sites) != 1:
        raise Refused(f"请用 --site 指定站点：{'、'.join(sites)}。")
    return sites[0]
