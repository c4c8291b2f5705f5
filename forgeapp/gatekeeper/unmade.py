"""Wishes for what the program does not make: slides, audio, video (G7)."""

from __future__ import annotations

import re

from forgeapp.gatekeeper.features import thing, tokenize

_THINGS: dict[str, str] = {
    "slides": r"slides?|slide ?shows?|slide ?decks?|decks?|presentations?|powerpoints?|pptx?|keynote"
    r"|\w*präsentation(?:en)?|\w*folien|diaporamas?|diapositives?|diapos?|présentations?|presentación|presentaciones"
    r"|diapositivas?|apresentaç(?:ão|ões)|slides?|presentazion[ei]|diapositiv[ae]",
    "audio": r"audio|audios|mp3s?|wav|voice ?overs?|voice ?memos?|recordings?|audiobooks?|ringtones?|soundtracks?"
    r"|jingles?|hörbuch|tonaufnahme|sprachaufnahme|enregistrement audio|grabación|gravação|registrazione|suoneria",
    "video": r"videos?|mp4s?|movies?|film ?clips?|animations?|gifs?|erklärvideo|vidéos?|vídeos?|animación|animação"
    r"|animazione|filmato",
}
_ALONE = {name: re.compile(rf"(?:{pattern})") for name, pattern in _THINGS.items()}
_IDEOGRAPHIC: dict[str, re.Pattern[str]] = {
    "slides": re.compile(r"幻灯片|演示文稿|ppt|パワポ|パワーポイント|スライド|プレゼン資料"),
    "audio": re.compile(r"音频|录音|語音|语音|音声(?:ファイル|データ)|着信音|铃声"),
    "video": re.compile(r"视频|短片|動画|アニメーション"),
}
_ABOUT_IT = re.compile(
    r"(?:脚本|文案|稿|标题|封面|图标|网站|播放器|台本|原稿|構成|サムネ|タイトル|比較|一覧|スクリプト|用|大纲|清单|プレイヤー)"
)
_SPACELESS = re.compile(r"[\u3040-\u9fff]")


def unmade(text: str) -> str | None:
    """'slides', 'audio' or 'video' if that is the very thing a clipped text wishes for, else None.

    'a script for a video' and 'slide titles' are documents: the thing itself must be named, and named last.
    """
    if _SPACELESS.search(text):
        for name, pattern in _IDEOGRAPHIC.items():
            match = pattern.search(text)
            if match and not _ABOUT_IT.match(text[match.end() : match.end() + 4].lstrip("的の")):
                return name
        return None
    tokens, _ = tokenize(text)
    naming = thing(tokens)
    for length in (2, 1):
        last = " ".join(naming[-length:])
        for name, pattern in _ALONE.items():
            if pattern.fullmatch(last):
                return name
    # In Romance languages, and with a number before it, the thing comes first: 'présentation powerpoint', '10 slides'.
    for name, pattern in _ALONE.items():
        rest = [word for word in naming if word != "0"]
        if rest and pattern.fullmatch(rest[0]) and all(_is_unmade(word) for word in rest):
            return name
    return None


def _is_unmade(word: str) -> bool:
    return any(pattern.fullmatch(word) for pattern in _ALONE.values())
