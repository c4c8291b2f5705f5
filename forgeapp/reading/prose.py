"""What the words around an artifact give away: who speaks, in which language, and whether anything was made at all.

English, German, French, Spanish, Portuguese, Italian, Chinese and Japanese; other languages' words: `talk_phrases`.
"""

from __future__ import annotations

import re

from forgeapp.reading import talk_phrases
from forgeapp.reading.talk_phrases import QUESTION_MARKS, alternatives

_EMOJI = re.compile(r"[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2705\u26a0]\ufe0f?")

_OPENING = re.compile(
    r"""^\W*(?:
    sure\b|certainly|of\ course|absolutely|great\b|happy\ to|okay\b|ok\b|got\ it|no\ problem|here(?:'|’)?s\b
        |here\ (?:is|are|you)\b|
    below\ (?:is|are|you)|i(?:'|’)ve\b|i\ have\b|i(?:'|’)d\ be|this\ is\ (?:the|a|your)|thanks?\b|alright
        |perfect\b|understood|as\ requested|
    the\ following|attached|please\ find|
    hier\b|gerne?\b|natürlich|selbstverständlich|klar\b|anbei|nachfolgend|unten\b|im\ folgenden|
    voici|bien\ sûr|d(?:'|’)accord|avec\ plaisir|volontiers|ci-dessous|voilà|
    aquí|claro|por\ supuesto|con\ gusto|a\ continuación|¡|desde\ luego|
    aqui|com\ certeza|com\ prazer|segue|abaixo|
    ecco|certo|certamente|volentieri|di\ seguito|
    好的|当然|以下|这是|这里|没问题|下面|
    以下|もちろん|承知|こちら|かしこまりました|はい|
    """
    + alternatives(talk_phrases.OPENING)
    + ")",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE = r"(?:^\W*|[.!?。！？)]\s+)"
_OFFER = re.compile(
    _SENTENCE
    + r"""(?:
    let\ me\ know|would\ you\ like|do\ you\ want|want\ me\ to|shall\ i|should\ i|tell\ me|just\ (?:say|tell|ask|let)
        |feel\ free|hope\ (?:this|that|it)|i\ hope\ (?:this|that|it)|happy\ to|i(?:'|’)m\ happy\ to|remember\ to
        |if\ you(?:'|’)?(?:\ (?:need|want|like|tell|prefer|send|share|give)|d\ (?:like|prefer|rather))
        |(?:please\ )?(?:replace|fill\ in|adjust|adapt)\b|anything\ else|need\ (?:a|any|me)\b|just\ (?:replace|fill)
        |you\ can\ (?:copy|paste|replace|adapt|edit|change|now|save|use|adjust)|make\ sure\ to|note\ that|enjoy\b
        |good\ luck|have\ fun|happy\ (?:baking|cooking|coding|hiking|reading|travels)
    |soll\ ich|möchten\ sie|möchtest\ du|sag\ (?:mir|bescheid)|sagen\ sie|lass\ (?:es\ )?mich|wenn\ (?:du|sie)\b
        |falls\ (?:du|sie)\b|gib(?:\ mir)?\ bescheid|geben\ sie|gerne\ (?:kann|passe|ergänze)|ersetzen\ sie|ersetze
        |hinweis|viel\ (?:erfolg|spaß)|brauchst|guten\ appetit|gutes\ gelingen
    |souhaitez|veux-tu|voulez|dites-moi|dis-moi|n(?:'|’)hésitez|n(?:'|’)hésite|si\ (?:vous|tu)\b|faites-moi
        |pensez\ à|remplacez|bon\ appétit
    |quieres|quiere\b|¿|dime|dígame|si\ (?:quieres|necesitas|desea|lo|me|prefieres)|avísame|recuerda|buen\ provecho
    |quer\b|gostaria|deseja|se\ (?:quiser|precisar|preferir|você)|me\ (?:avise|diga)|avise|lembre|substitua
        |bom\ apetite
    |vuoi|desideri|vuole|se\ (?:vuoi|hai|preferisci|serve|ti|mi)|fammi|dimmi|fatemi|ricorda|buon\ (?:appetito|lavoro)
    |需要我|如果(?:您|你)|如需|请告诉|希望|要不要|是否需要|您(?:可以|需要)
    |(?:必要|ご希望|ご要望|修正|追加|変更).{0,40}(?:ください|ましょうか|ですか|ます)|.{0,30}お申し付け
        |.{0,40}しましょうか|.{0,40}ご用意でき
    |"""
    + alternatives(talk_phrases.OFFER)
    + ")",
    re.IGNORECASE | re.VERBOSE,
)
_STATEMENT = re.compile(
    _SENTENCE
    + r"""(?:
    i\ (?:can|could|kept|left|used|made|assumed|added|included|rounded|marked|wrote|put|have\ (?:kept|left|used))
        |i(?:'|’)(?:ll|ve|d)\b|can\ i\b|could\ i\b|feedback
    |ich\ (?:habe|kann)|j(?:'|’)ai\b|je\ peux|puedo|espero|he\ (?:dejado|puesto|incluido|añadido)|posso|deixei
    |ho\ (?:lasciato|messo|inserito|aggiunto)|spero|我(?:可以|已|把)|.{0,30}お知らせ
    |"""
    + alternatives(talk_phrases.STATEMENT)
    + ")",
    re.IGNORECASE | re.VERBOSE,
)
_CONDITIONAL = re.compile(
    r"""(?:^|[.!?]\s+)(?:
    (?:falls|wenn|sollten?)\b[^.!?]{0,120}\b(?:ich|bescheid|melde[nt]?)\b
    |si\b[^.!?]{0,120}\b(?:je|dites|dis|puedo|dime|avísame|ajusto)\b
    |se\b[^.!?]{0,120}\b(?:eu|posso|avise|fammi|dimmi|adatto)\b
    |if\b[^.!?]{0,120}\b(?:i|i'll|i’ll|i\ can|tell\ me|let\ me)\b
    )|如(?:果|需|有).{0,40}(?:我|告诉|随时)|.{0,60}(?:ご要望|ご希望|お気軽)""",
    re.IGNORECASE | re.VERBOSE,
)
_ONCE = re.compile(
    r"once\ i|as\ soon\ as|then\ i|sobald|dann\ (?:kann|mache)|dès\ que|ensuite|cuando\ tenga|en\ cuanto|assim\ que"
    r"|appena|dopo|收到后|然后我|いただければ|次第",
    re.IGNORECASE | re.VERBOSE,
)
_NOTE = re.compile(
    r"""^\W*(?:
    note|tip|hint|observação|nota|remarque|hinweis|tipp|anmerkung|consejo|aviso|dica|suggerimento|attention|important
    |disclaimer|注意|提示|小提示|注|備考|補足
    |"""
    + alternatives(talk_phrases.NOTE)
    + r")\b\W",
    re.IGNORECASE | re.VERBOSE,
)
_SIGNED = re.compile(
    r"""_{4,}|\.{6,}|^\W*(?:
    signature|signed|prepared\ by|approved\ by|author|version|date|contact|©|unterschrift|datum
    |fait\ à|firma|assinatura|local\ e\ data|luogo|enclosures?|anlagen?|cc|p\.?\ ?s
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DECLINING = re.compile(
    r"""(?:i(?:'|’)?m\ (?:really\ |very\ |so\ )?(?:sorry|afraid|unable|not\ able)|i\ (?:can(?:'|’)?t|cannot
        |can\ not|won(?:'|’)t|am\ (?:unable|not\ able)|must\ decline|have\ to\ decline)|
    i\ apologi[sz]e|sorry,|unfortunately|i\ (?:do\ not|don(?:'|’)t)\ (?:see|have|feel)|i\ (?:couldn(?:'|’)t
        |could\ not)\ (?:find|open|read|see)|
    es\ tut\ mir\ leid|tut\ mir\ leid|leider|das\ kann\ ich\ nicht|ich\ kann\ (?:das|dabei|dir|ihnen
        |hier)\b.{0,60}\bnicht|ich\ sehe\ (?:kein|leider)|
    je\ suis\ désolé|désolé|je\ ne\ peux\ pas|malheureusement|je\ ne\ vois\ (?:pas|aucun)|
    lo\ siento|no\ puedo|lamentablemente|desafortunadamente|no\ veo|
    desculpe|sinto\ muito|lamento|não\ posso|não\ consigo|infelizmente|não\ vejo|
    mi\ dispiace|non\ posso|purtroppo|spiacente|non\ vedo|
    抱歉|对不起|很遗憾|我(?:无法|不能|没有看到)|申し訳|恐れ入りますが|できません|お手伝いできません
        |見当たりません|"""
    + alternatives(talk_phrases.DECLINING)
    + ")",
    re.IGNORECASE | re.VERBOSE,
)
_DELIVERING = re.compile(
    r"""\b(?:here(?:'|’)?s|here\ (?:is|are)|below\ (?:is|are)|i(?:'|’)ve\ (?:put|drafted|written|made|prepared|used)
    |(?:hier|anbei)\ (?:ist|sind|der|die|das|ein|eine)|anbei|voici|ci-dessous|aqu[ií]\ (?:tienes|tiene|está|va|estão)
    |a\ continuación|segue|abaixo|ecco|di\ seguito)\b|(?:以下|这)是|如下|以下(?:の|に|が)|こちらが|"""
    + alternatives(talk_phrases.DELIVERING),
    re.IGNORECASE | re.VERBOSE,
)
_INSTEAD = re.compile(
    r"""instead|questions?|what\ i\ (?:can|need)|details|some\ (?:ideas|options|alternatives)|stattdessen|fragen|angaben
    |à\ la\ place|questions|en\ su\ lugar|preguntas|em\ vez|perguntas|invece|domande|问题|質問|確認|"""
    + alternatives(talk_phrases.INSTEAD),
    re.IGNORECASE | re.VERBOSE,
)
_ASKING = re.compile(
    r"""(?:before\ (?:i|we)\b|(?:a\ )?(?:few|couple\ of|some|quick)\ (?:quick\ )?(?:questions|things|details)
        |i\ need\ (?:a\ |some|to\ know|more|the)|
    i(?:'|’)d\ need|could\ you\ (?:tell|share|give|paste|clarify|confirm|let|try|send)|can\ you\ (?:tell|share
        |give|paste|clarify|confirm|send)|
    to\ (?:build|make|create|write|set|get|draft|do|tailor)\b.{0,80}\bi(?:'|’)?(?:d|ll)?\ need
        |which\ one\ do\ you\ mean|what\ (?:would|should|do)\ you|
    bevor\ ich|ein\ paar\ fragen|ich\ brauche\ noch|können\ sie\ mir|kannst\ du\ mir|
    avant\ de|quelques\ questions|j(?:'|’)ai\ besoin|pouvez-vous|pourriez-vous|peux-tu|
    antes\ de|unas\ preguntas|necesito|puedes|podrías|algumas\ perguntas|preciso\ (?:de|saber)|você\ pode|poderia|
    prima\ di|alcune\ domande|ho\ bisogno|puoi|potresti|
    在.{0,12}之前|几个问题|请(?:先|提供|告诉|问)|需要(?:先)?了解|いくつか(?:確認|質問|教え)|教えて(?:ください
        |いただけ)|確認させて|"""
    + alternatives(talk_phrases.ASKING)
    + ")",
    re.IGNORECASE | re.VERBOSE,
)
_EXAMPLE = re.compile(
    r"""\b(?:examples?|e\.\ ?g\.|sample|like\ this|shape|beispiele?|z\.\ ?b\.|exemples?|ejemplos?|exemplos?
        |esempio?)(?!\w)|例""",
    re.IGNORECASE | re.VERBOSE,
)
_SALUTATION = re.compile(
    r"""^\W*(?:dear\b|to\ whom|hi\b|hello\b|hey\b|subject\s*:|re\s*:|sehr\ geehrte|liebe[rs]?\b|hallo\b
        |guten\ tag|betreff\s*:|
    madame|monsieur|cher\b|chère|chers\b|bonjour|objet\s*:|
    estimad[oa]s?|querid[oa]|hola\b|asunto\s*:|muy\ señor|prezad[oa]s?|car[oa]s?\b|olá\b|assunto\s*:|
    gentile|egregi|spett|oggetto\s*:|尊敬的|亲爱的|敬启者|拝啓|件名|主题|"""
    + alternatives(talk_phrases.SALUTATION)
    + r"""|\[(?:your|ihr|dein|votre|tu|su|seu|nome
        |name|il\ tuo|company|date|sender|absender)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_STOPWORDS = {
    "de": "der die das und ist nicht mit für ein eine den von auf zu im sich hier ich wie sind auch aus",
    "fr": "le la les des et est une pour dans avec vous que sur du au votre voici pas sont par aux",
    "es": "el la los las y es una para con por que del en tu su se como más aquí un al",
    "pt": "o os as e é uma para com por que do da em seu não se como mais aqui um ao você dos das",
    "it": "il lo gli e è una per con che di del della in non sono ecco come più un al tuo nel",
    "nl": "de het een en is niet met voor van op te in dat je hier zijn ook uit bij",
    "ru": "и в не на с по для из вот что это как к от до за или так у о же если",
    "pl": "i w na z do nie się jest oto dla od po jak to za przez oraz",
    "en": "the and is of to a in for with you that it on your are this here not be as at each",
}
_WORD_SETS = {code: frozenset(words.split()) for code, words in _STOPWORDS.items()}
_COMMA_LANGUAGES = {"de", "fr", "es", "pt", "it", "nl", "ru", "pl"}
_WORD = re.compile(r"[^\W\d_]+")


def is_opening(text: str) -> bool:
    """Whether a paragraph introduces an artifact: 'Here is the plan:'."""
    text = plain_start(text)
    return bool(_OPENING.match(text)) or text.rstrip("*_ 👇⬇️").endswith((":", "："))


def begins_as_opening(text: str) -> bool:
    """As is_opening, by its first words alone."""
    return bool(_OPENING.match(plain_start(text)))


def is_offer(text: str) -> bool:
    """Whether a paragraph offers the user more: 'Let me know if you want a shorter one.'"""
    text = plain_start(text)
    return bool(_OFFER.search(text) or _CONDITIONAL.search(text) or _NOTE.match(text))


def is_invitation(text: str) -> bool:
    """As is_offer, where a paragraph begins with it."""
    return bool(_OFFER.match(plain_start(text)))


def is_talk(text: str) -> bool:
    """Whether a paragraph speaks about the artifact at all: an offer, or 'I left the date blank.'"""
    return is_offer(text) or bool(_STATEMENT.search(plain_start(text)))


def is_signed(text: str) -> bool:
    """Whether a paragraph is a document's own last word: signatures, version, contact."""
    return bool(_SIGNED.search(plain_start(text)))


def has_emoji(text: str) -> bool:
    return bool(_EMOJI.search(text))


def is_salutation(text: str) -> bool:
    """Whether a letter begins here."""
    return bool(_SALUTATION.match(text[:600].strip()))


def plain_start(text: str) -> str:
    """The first 600 characters without marks and emoji."""
    return _EMOJI.sub("", text[:600]).strip().lstrip("*_>#~ \t-").strip()


def declines(text: str) -> bool:
    """Whether a reply's beginning says that it will not or cannot do it."""
    return bool(_DECLINING.search(text[:400]))


def delivers(text: str) -> bool:
    """Whether a paragraph hands something over: 'Here is ...', whatever else it regrets."""
    match = _DELIVERING.search(text[:600])
    return bool(match and not _INSTEAD.search(text[match.end() : match.end() + 80]))


def asks(paragraphs: list[str]) -> bool:
    """Whether a reply is a question back rather than a result."""
    if not paragraphs:
        return False
    marks = sum(map(has_question, paragraphs))
    asking = bool(_ASKING.search("\n".join(paragraphs)[:1_200]))
    lines = [line for paragraph in paragraphs for line in paragraph.split("\n") if line.strip()]
    questions = sum(line.rstrip(' *_)"”').endswith(QUESTION_MARKS) for line in lines)
    promises = bool(_ONCE.search(paragraphs[-1]))
    return (asking and (marks > 0 or promises)) or questions >= max(2, 0.4 * len(lines))


def asks_first(paragraphs: list[str]) -> bool:
    """Whether a reply begins by saying that something must be known before, and ends with a question."""
    if not paragraphs or not _ASKING.search(paragraphs[0][:400]) or any(map(delivers, paragraphs[:8])):
        return False
    return paragraphs[-1].rstrip(' *_)"”').endswith(QUESTION_MARKS)


def has_question(text: str) -> bool:
    """Whether a text asks anything, in whatever script."""
    return any(mark in text for mark in QUESTION_MARKS)


def shows_example(text: str) -> bool:
    """Whether a text calls something an example."""
    return bool(_EXAMPLE.search(text[:2_000]))


def language(text: str) -> str:
    """'de', 'fr', ... by its little words; 'en' where nothing else is likelier."""
    words = [word.lower() for word in _WORD.findall(text[:20_000])]
    counts = {code: sum(word in stop for word in words) for code, stop in _WORD_SETS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > counts["en"] and counts[best] >= 2 else "en"


def writes_decimal_comma(text: str) -> bool:
    """Whether people of this text's language write 18,50."""
    return language(text) in _COMMA_LANGUAGES
