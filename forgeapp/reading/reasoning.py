"""What a model thinks aloud within its reply, dropped before reading, and the marks servers leave around the answer.

Tags as of DeepSeek, Qwen, Granite, Exaone, Seed ('<think>' and its kin), Kimi ('◁think▷'), Magistral ('[THINK]'),
Command A ('<|START_THINKING|>'), OpenThinker ('<|begin_of_thought|>'), and the channels of gpt-oss
(https://cookbook.openai.com/articles/openai-harmony).
"""

from __future__ import annotations

import re
from collections import deque

from forgeapp.reading import prose
from forgeapp.reading.scan import fence_mark

_NAMES = (
    r"(?:seed:|ant)?(?:think|thinking|thoughts?)|reason|reasoning|reflection|scratchpad|analysis|(?:inner_)?monologue"
    r"|chain_of_thought|thought_process|internal_thoughts"
)
_OPENING = (
    rf"<(?:{_NAMES})(?:\s[^<>\n]{{0,200}})?>|◁think▷|\[THINK\]|<\|(?:START_THINKING|begin_of_thought|thinking|think)\|>"
)
_CLOSING = rf"</(?:{_NAMES})\s?>|◁/think▷|\[/THINK\]|<\|(?:END_THINKING|end_of_thought|/thinking|/think)\|>"
_FIRST_SIGNS = ("<", "◁", "[")
BEGINS_THOUGHT = re.compile(rf"\s*(?:{_OPENING})", re.IGNORECASE)
ENDS_THOUGHT = re.compile(_CLOSING, re.IGNORECASE)
_ANY = re.compile(rf"{_OPENING}|{_CLOSING}", re.IGNORECASE)
_CHANNEL = re.compile(
    r"(?:<\|start\|>\s{0,3}\w{0,40}\s{0,3})?<\|channel\|>([^<>\n]{0,100})(?:<\|constrain\|>[^<>\n]{0,40})?<\|message\|>"
)
_CHANNEL_END = re.compile(r"<\|(?:end|return|call)\|>")
_BEGINS_CHANNELS = re.compile(r"\s{0,20}(?:<\|(?:channel|start)\|>|analysis[A-Z\"'])")
_FINAL = re.compile(r"<\|channel\|>\s*final|assistantfinal")
MAX_MARKS = 8
_SERVER_MARK = re.compile(
    r"<\|(?:im_end|im_start|eot_id|endoftext|end_of_text|end|return|START_RESPONSE|END_RESPONSE|begin_of_solution"
    r"|end_of_solution|end_of_turn|assistant|START_TEXT|END_TEXT)\|>(?:assistant(?=\n))?"
    r"|<(?:start|end)_of_turn>(?:model(?=\n))?|<[|｜](?:end▁of▁sentence|Assistant)[|｜]>"
)
_LAST_MARK = re.compile(rf"(?:{_SERVER_MARK.pattern})\s*\Z")
_ANSWER = re.compile(r"\s*<(answer|final_answer|final|response|output|solution|result)>[ \t]*", re.IGNORECASE)


def begins_thought(line: str, *, is_first: bool) -> bool:
    """Whether a line begins thoughts that go on below it; `is_first`: nothing stands before it."""
    if is_first and _BEGINS_CHANNELS.match(line):
        return not _FINAL.search(line)
    if not line.lstrip().startswith(_FIRST_SIGNS):
        return False
    return bool(BEGINS_THOUGHT.match(line)) and not ENDS_THOUGHT.search(line)


def ends_thought(line: str) -> bool:
    """Whether thoughts that began above end in this line."""
    return bool(ENDS_THOUGHT.search(line) or _FINAL.search(line))


def without_reasoning(text: str) -> tuple[str, bool]:
    """The reply proper, and whether thoughts were dropped.

    Only what begins a line counts, and nothing within a fence. A closing tag alone, as servers leave it that cut off
    the opening one, drops all before it. Thoughts that never end take the rest with them, unless they hand something
    over after all: an envelope, or a line as 'Here is the table:' with more than words below.
    """
    text, is_channelled = _without_channels(text)
    text, is_dropped = _without_thoughts(_without_server_marks(text))
    text = _without_server_marks(text) if is_dropped else text
    if is_channelled or is_dropped or "<answer>" in text[:40].lower():
        text = _unwrapped_answer(text)
    return text, is_channelled or is_dropped


def _without_channels(text: str) -> tuple[str, bool]:
    """Of a reply in channels only what was meant for the user."""
    if not _BEGINS_CHANNELS.match(text):
        return text, False
    if "<|" not in text[:40]:  # servers that take the marks out leave 'analysisThe user ... assistantfinalHere is ...'
        _, final, rest = text.partition("assistantfinal")
        return (rest, True) if final else (text, False)
    marks = list(_CHANNEL.finditer(text))
    if not marks:
        return text, False
    kept: list[str] = []
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        if mark[1].split() and mark[1].split()[0] == "final":
            kept.append(_CHANNEL_END.sub("", text[mark.end() : end]))
    return "\n".join(kept), True


def _without_server_marks(text: str) -> str:
    """Without the tokens that begin and end a turn where one begins or ends the reply."""
    if "<" not in text[:60] and ">" not in text[-60:]:
        return text
    for _ in range(MAX_MARKS):
        if match := _SERVER_MARK.match(text[:80].lstrip()):
            text = text.lstrip()[match.end() :]
        if match := _LAST_MARK.search(text[-80:]):
            text = text[: max(0, len(text) - 80) + match.start()]
    return text


def _unwrapped_answer(text: str) -> str:
    """Without '<answer>' around all of it."""
    match = _ANSWER.match(text)
    if not match:
        return text
    rest = text[match.end() :]
    # Not by lower(): there are letters of which it makes two, and what stands behind them would be elsewhere.
    last = deque(re.finditer(f"</{match[1]}>", rest, re.IGNORECASE), maxlen=1)
    return rest[: last[0].start()] + rest[last[0].end() :] if last else rest


def _without_thoughts(text: str) -> tuple[str, bool]:
    if not _ANY.search(text):
        return text, False
    kept: list[str] = []
    lines = text.split("\n")
    began: int | None = None
    fence, dropped = "", False
    for number, line in enumerate(lines):
        at = 0
        if began is not None:
            match = ENDS_THOUGHT.search(line)
            if not match:
                continue
            began, at = None, match.end()
            if not line[at:].strip():
                continue
        mark = fence_mark(line[at:])
        if mark and not fence:
            fence = mark[1]
        elif mark and fence and mark[1].startswith(fence) and not mark[2]:
            fence = ""
        elif not fence:
            while match := BEGINS_THOUGHT.match(line, at):
                dropped = True
                closing = ENDS_THOUGHT.search(line, match.end())
                if not closing:
                    began = number
                    break
                at = closing.end()
            if began is not None:
                continue
            if not dropped and (match := _lone_closing(line)):
                kept.clear()
                dropped = True
                at = match.end()
        kept.append(line[at:])
    if began is not None:
        kept += _handed_over(lines[began:])
    return "\n".join(kept), dropped


def _lone_closing(line: str) -> re.Match[str] | None:
    """The closing tag that begins or ends a line."""
    match = ENDS_THOUGHT.search(line)
    if match is None or (line[: match.start()].strip() and line[match.end() :].strip()):
        return None
    return match


def _handed_over(thoughts: list[str]) -> list[str]:
    """What thoughts that never end hand over: from the envelope or the introducing line on, [] where nothing is."""
    for number, line in enumerate(thoughts):
        if not number or not line.strip():
            continue
        if re.match(r"\s*<(?:ant)?artifact\s[^<>]*>\s*$", line[:2_000]):
            return thoughts[number:]
        introduces = prose.delivers(line) and prose.begins_as_opening(line) and not thoughts[number - 1].strip()
        if introduces and any(_is_structure(below) for below in thoughts[number + 1 : number + 6]):
            return thoughts[number:]
    return []


def _is_structure(line: str) -> bool:
    return line.lstrip().startswith(("|", "#", "<table", "{", "[")) or fence_mark(line) is not None
