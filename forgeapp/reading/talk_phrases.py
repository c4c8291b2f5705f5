"""What replies say around an artifact in Russian, Ukrainian, Polish, Dutch, Swedish, Turkish, Indonesian, Arabic,
Hebrew, Hindi and Korean: alternatives of regular expressions by what they do. The other languages stand in `prose`.
"""

# ruff: noqa: E501 - tables of patterns

from __future__ import annotations

OPENING = (
    r"вот\b|конечно|разумеется|хорошо\b|отлично\b|ниже\b|держите|готово\b|пожалуйста|с удовольствием|привожу|ось\b|звісно",
    r"oto\b|jasne\b|oczywiście|poniżej|proszę",
    r"hier\b|natuurlijk|zeker\b|graag\b|hieronder|här (?:är|kommer)|självklart|absolut\b|nedan\b",
    r"işte\b|tabii|elbette|aşağıda|memnuniyetle|berikut\b|tentu\b|baik\b",
    r"إليك|بالتأكيد|بالطبع|تفضل|حسنا|حسنًا|فيما يلي|هذا هو|هذه هي|هذا جدول|بكل سرور|أدناه|بكل تأكيد",
    r"הנה|בשמחה|בטח|בוודאי|להלן|כמובן|בבקשה",
    r"ज़रूर|जरूर|ज़रूर|यहाँ|यहां|यह रह|ये रह|बिल्कुल|नीचे|निम्नलिखित",
    r"네[,!. ]|물론|다음은|아래는|아래에|여기|알겠습니다",
)
DELIVERING = (
    r"вот\b|ниже (?:привед|представл)|ось\b|oto\b|poniżej|hieronder|hier (?:is|zijn|vind)|här (?:är|kommer)|işte\b|aşağıda",
    r"berikut (?:adalah|ini)|إليك|فيما يلي|تفضل|هذا جدول|הנה|להלן|यह रह|ये रह|(?:यहाँ|यहां).{0,40}है|निम्नलिखित|नीचे दी",
    r"다음은|아래는|여기 .{0,30}(?:입니다|있습니다)",
)
INSTEAD = (
    r"что я могу|вместо|вопрос|натомість|zamiast|pytani|pytań|in plaats|vragen|istället|frågor|yerine|soru|sebagai gantinya",
    r"بدلا|بدلاً|أسئلة|במקום|שאלות|इसके बजाय|सवाल|प्रश्न|대신|질문",
)
OFFER = (
    r"если (?:нужно|хотите|хочешь|необходимо|понадоб|потребу|требу|что-то|будут|есть вопросы)|хотите\b|хочешь\b|желаете",
    r"да(?:йте|й) знать|сообщите\b|скажите,? если|обращайтесь|надеюсь|не забудьте|удачи\b|приятного аппетита|замените\b",
    r"daj(?:cie)? (?:mi )?znać|czy (?:chcesz|mam|potrzebujesz|życzysz)|jeśli (?:chcesz|potrzebujesz|masz)|powodzenia\b",
    r"laat (?:het )?(?:me|mij) .{0,12}weten|wil(?:t)? (?:je|u)\b|zal ik\b|als (?:je|u) (?:wil|nog|vragen)|succes\b",
    r"vill du\b|säg till|hör av dig|om du vill|lycka till|ister mis|isterseniz|istersen|haber ver|beri tahu|apakah anda",
    r"هل (?:تريد|تود|ترغب|تحتاج|أضيف)|أخبرني|أخبريني|إذا (?:أردت|احتجت|رغبت|كنت (?:تريد|ترغب|بحاجة))|لا تتردد|آمل أن|أتمنى أن",
    r"אשמח|האם (?:תרצה|תרצי|להוסיף|אתה)|תרצה|תרצי|רוצה ש|אם (?:תרצה|תרצי|צריך|יש)|ספר לי|תודיע|בהצלחה|מקווה|אל תהסס",
    r"क्या (?:आप|मैं|आपको)|अगर आप|यदि आप|मुझे बता|उम्मीद है|आशा है|कृपया बता",
    r"필요하(?:시면|면)|원하(?:시면|면)|추가로|말씀해|.{0,30}알려 ?주세요|도움이 |.{0,30}드릴까요",
)
STATEMENT = (
    r"я (?:могу|добавил|оставил|использовал|округлил|взял)|могу (?:также )?\w+ть\b|ik (?:heb|kan)\b|jag (?:har|kan)\b|mogę\b",
    r"يمكنني|تركت|أضفت|استخدمت|השארתי|הוספתי|אני יכול|मैंने|मैं .{0,40}सकत|.{0,40}(?:드릴게요|드릴 수 있|했습니다)",
)
DECLINING = (
    r"к сожалению|извините|прошу прощения|не могу (?:помочь|выполнить|сделать|создать|предоставить|составить)|не вижу\b",
    r"на жаль|przykro mi|niestety|nie mogę|het spijt me|helaas|ik kan (?:dat|dit|je|u|hier).{0,40}niet|tyvärr|ursäkta",
    r"üzgünüm|maalesef|ne yazık ki|yardımcı olamam|maaf,|mohon maaf",
    r"عذرا|عذرًا|آسف|للأسف|لا أستطيع|لا يمكنني|أعتذر|מצטער|לצערי|אני לא יכול|איני יכול|אינני יכול",
    r"माफ़ कर|माफ कर|क्षमा कर|खेद है|मदद नहीं कर|नहीं कर सकत|죄송|도와드릴 수 없|할 수 없습니다|제공할 수 없",
)
ASKING = (
    r"прежде чем|мне (?:нужн|потреб|понадоб)|несколько вопросов|уточните|подскажите|не могли бы вы|zanim\b|kilka pytań",
    r"potrzebuję|voordat ik|(?:een )?paar vragen|ik heb .{0,40}nodig|innan jag|några frågor|birkaç soru|ihtiyacım var",
    r"sebelum saya|beberapa pertanyaan|قبل أن|أحتاج إلى|بعض (?:المعلومات|الأسئلة|التفاصيل)|هل يمكنك",
    r"לפני ש|אני צריך|אצטרך|כמה (?:שאלות|פרטים)|תוכל ל|से पहले|मुझे .{0,40}(?:चाहिए|जानकारी)|कुछ (?:सवाल|प्रश्न|जानकारी)",
    r"전에|몇 가지|알려 ?주(?:시겠|실)|확인이? 필요",
)
SALUTATION = (
    r"уважаем\w+|здравствуйте|добрый день|дорог(?:ой|ая|ие)\b|тема\s*:|шановн\w+|szanown\w+|drog[ia]\b|dzień dobry|temat\s*:",
    r"geachte|beste\b|onderwerp\s*:|bästa\b|hej\b|ämne\s*:|sayın\b|sevgili\b|konu\s*:|kepada yth|dengan hormat|perihal\s*:",
    r"السيد|السادة|عزيز[يت]|السلام عليكم|تحية طيبة|الموضوع\s*:|לכבוד|שלום|הנדון",
    r"सेवा में|आदरणीय|माननीय|प्रिय |महोदय|विषय\s*:|안녕하세요|귀하|제목\s*:|존경하는",
)
NOTE = (r"примечание|совет|uwaga|wskazówka|let op|opmerking|obs|ملاحظة|تنبيه|הערה|नोट|참고|주의|catatan",)
QUESTION_MARKS = ("?", "？", "؟")


def alternatives(phrases: tuple[str, ...]) -> str:
    """The phrases as one alternation for a verbose pattern."""
    return "|".join(phrases).replace(" ", r"\ ")
