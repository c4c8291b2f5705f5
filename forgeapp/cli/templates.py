"""`forgeapp templates`: the built-in templates."""

from __future__ import annotations

import argparse

from forgeapp.cli.options import add_common_options
from forgeapp.cli.output import Output
from forgeapp.learning.builtin import builtin_template, builtin_templates


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="all of them")
    show = actions.add_parser("show", help="one, with its slots")
    show.add_argument("template", metavar="TEMPLATE")
    add_common_options(listing, show)


def run(arguments: argparse.Namespace, output: Output) -> int:
    if arguments.action == "show":
        template = builtin_template(arguments.template)
        slots = [
            {"name": slot.name, "label": slot.label, "example": slot.example, "required": slot.is_required}
            for slot in template.slots
        ]
        output.result(
            {
                "id": template.id,
                "kind": template.kind.value,
                "name": template.name,
                "description": template.description,
                "note": template.note,
                "slots": slots,
            },
            [
                f"{template.name} ({template.kind.value})",
                template.description,
                template.note,
                *(f"- {slot.label}, such as '{slot.example}'" for slot in template.slots),
            ],
        )
        return 0
    templates = builtin_templates()
    output.table(
        [
            {"id": item.id, "kind": item.kind.value, "name": item.name, "description": item.description}
            for item in templates
        ],
        ("id", "kind", "description"),
        [(item.id, item.kind.value, item.description) for item in templates],
        if_empty="No templates.",
    )
    return 0
