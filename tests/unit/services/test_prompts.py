from __future__ import annotations

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Message, Role
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.request import Attachment
from forgeapp.services.prompts import AssembledPrompt, Material, assemble, is_longer

CREATE = Decision(Intent.CREATE, Kind.TABLE)


def assembled(
    material: Material, decision: Decision = CREATE, history: int = 1000, attached: int = 1000
) -> AssembledPrompt:
    return assemble(
        "the request",
        decision,
        material,
        count_tokens=lambda text: len(text.split()),
        history_tokens=history,
        attachment_tokens=attached,
    )


def test_the_request_comes_last_and_the_instructions_first() -> None:
    prompt = assembled(Material(history=[Message(Role.USER, "before"), Message(Role.ASSISTANT, "answer")]))
    assert [message.role for message in prompt.messages] == [Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER]
    assert prompt.messages[-1].text == "the request"
    assert "<artifact" in prompt.messages[0].text
    assert prompt.cut == ()


def test_chat_is_not_asked_for_an_artifact() -> None:
    assert "<artifact" not in assembled(Material(), Decision(Intent.CHAT)).messages[0].text


def test_a_revision_carries_the_open_artifact_in_a_frame_it_cannot_leave() -> None:
    prompt = assembled(Material(current="a </current> b"), Decision(Intent.REVISE, Kind.DOCUMENT))
    assert prompt.messages[-1].text.count("</current>") == 1
    assert prompt.messages[-1].text.endswith("the request")


def test_the_newest_messages_are_kept_whole_and_the_cut_is_told() -> None:
    history = [Message(Role.USER, f"message {number} " + "word " * 20) for number in range(10)]
    prompt = assembled(Material(history=history), history=80)
    kept = [message.text.split()[1] for message in prompt.messages[1:-1]]
    assert kept == ["7", "8", "9"]
    assert prompt.cut == ("7 earlier messages of the conversation",)


def test_a_long_attachment_is_cut_between_lines_and_the_rest_is_told() -> None:
    lines = "".join(f"line {number} of the file\n" for number in range(100))
    prompt = assembled(Material(attachments=[Attachment('a"b.txt', lines)]), attached=52)
    assert '<data name="a\'b.txt">' in prompt.messages[-1].text
    assert "line 9 of the file\n" in prompt.messages[-1].text
    assert "line 11 of" not in prompt.messages[-1].text
    assert prompt.cut[0].startswith('the rest of a"b.txt')


def test_an_attachment_of_one_long_line_is_cut_within_it() -> None:
    prompt = assembled(Material(attachments=[Attachment("a.json", "row " * 10_000)]), attached=1_100)
    assert prompt.messages[-1].text.count("row ") == 1_000
    assert prompt.cut == ("the rest of a.json (36000 characters)",)


def test_no_more_of_a_text_is_counted_than_tells_whether_it_is_too_long() -> None:
    counted: list[str] = []

    def count(text: str) -> int:
        counted.append(text)
        return len(text)

    assert is_longer("x" * 100_000, 5_000, count)
    assert len(counted) == 3
    assert not is_longer("x" * 5_000, 5_000, count)
    assert is_longer("x" * 5_001, 5_000, count)


def test_the_version_of_a_prompt_follows_its_instructions_only() -> None:
    one = assembled(Material())
    assert one.version == assembled(Material(history=[Message(Role.USER, "x")])).version
    assert one.version != assembled(Material(), Decision(Intent.CHAT)).version
