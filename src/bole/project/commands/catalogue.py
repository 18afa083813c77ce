"""bole catalogue check | show | publish: the definitions as data."""

import argparse
import json
import sys
from pathlib import Path

from django.conf import settings

from bole.definitions import queries
from bole.kernel.errors import Absent
from bole.project.preparation import publish
from bole.project.wiring import known_names


def arguments(parser: argparse.ArgumentParser) -> None:
    """Three verbs."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="检查全部定义，逐条列出问题")
    check.add_argument("path", nargs="?", type=Path, help="目录，默认为本系统的 catalogue")
    show = verbs.add_parser("show", help="显示一个事项")
    show.add_argument("service", metavar="站点/事项")
    show.add_argument("--json", action="store_true", help="以 JSON 输出（目前是唯一的方式）")
    verbs.add_parser("publish", help="发布数据库中还没有的版本")


def run(options: argparse.Namespace) -> int:
    """Check, show or publish."""
    if options.verb == "check":
        return _check(options.path or settings.BOLE_CATALOGUE)
    if options.verb == "show":
        site, _, code = options.service.partition("/")
        service = queries.catalogue().services.get((site, code))
        if service is None:
            raise Absent(f"没有事项 {options.service}。写法是 站点/事项，例如 ningxia/talent-collection。")
        print(json.dumps(queries.as_json(service), ensure_ascii=False, indent=1))
        return 0
    print("\n".join(publish("catalogue publish")) or "没有需要发布的新版本。")
    return 0


def _check(path: Path) -> int:
    problems = queries.check_catalogue(path, known_names())
    for problem in problems:
        print(f"{'提醒' if problem.warning else '错误'} {problem}", file=sys.stderr)
    errors = sum(not problem.warning for problem in problems)
    print(f"发现 {errors} 个错误，{len(problems) - errors} 条提醒。" if problems else "事项目录没有问题。")
    return 1 if errors else 0
