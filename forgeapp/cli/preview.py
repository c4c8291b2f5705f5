"""`forgeapp preview`: the exact prompt and what it would cost; sends and stores nothing."""

from __future__ import annotations

import argparse

from forgeapp.app import build
from forgeapp.cli.forge import add_request_options, request_from
from forgeapp.cli.options import home_of
from forgeapp.cli.output import Output
from forgeapp.domain.money import usd_text


def configure(parser: argparse.ArgumentParser) -> None:
    add_request_options(parser)


def run(arguments: argparse.Namespace, output: Output) -> int:
    with build(home_of(arguments)) as app:
        preview = app.forge.preview(request_from(arguments))
    prompt = preview.prompt
    output.result(
        {
            "messages": [{"role": message.role.value, "content": message.text} for message in prompt.messages],
            "input_tokens": prompt.input_tokens,
            "models": [
                {"provider": item.provider, "model": item.model, "cost_nano_usd": item.cost_nano_usd}
                for item in preview.estimates
            ],
            "cut": list(prompt.cut),
        },
        "\n\n".join(message.text for message in prompt.messages),
    )
    if not output.as_json:
        output.notice(f"\n{prompt.input_tokens} tokens (estimated)")
        for item in preview.estimates:
            output.notice(f"{item.provider}/{item.model}: {usd_text(item.cost_nano_usd)}")
        for what in prompt.cut:
            output.notice(f"Left out: {what}")
        output.notice(
            "Copy the text above into any chat, save its reply, and run 'forgeapp paste REPLY --request ...'."
        )
    return 0
