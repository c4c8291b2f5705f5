"""The heading of the contents and days in words, in each language that a text can be found to be in.

Month names and patterns of days are those of Unicode's CLDR (format 'long', Gregorian calendar).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

_ENGLISH: Final = "en"
_CONTENTS: Final = {
    "en": "Contents", "de": "Inhalt", "fr": "Table des matières", "es": "Índice", "pt": "Índice", "it": "Indice",
    "nl": "Inhoud", "sv": "Innehåll", "da": "Indhold", "nb": "Innhold", "fi": "Sisällys", "pl": "Spis treści",
    "cs": "Obsah", "hu": "Tartalom", "ro": "Cuprins", "tr": "İçindekiler", "ru": "Содержание", "uk": "Зміст",
    "bg": "Съдържание", "el": "Περιεχόμενα", "ja": "目次", "ko": "목차", "zh": "目录", "zh-hant": "目錄",
    "ar": "المحتويات", "fa": "فهرست", "he": "תוכן העניינים", "hi": "विषय-सूची", "th": "สารบัญ",
}  # fmt: skip
_DAY: Final = {
    "de": "{day}. {month} {year}", "es": "{day} de {month} de {year}", "pt": "{day} de {month} de {year}",
    "da": "{day}. {month} {year}", "nb": "{day}. {month} {year}", "fi": "{day}. {month} {year}",
    "cs": "{day}. {month} {year}", "hu": "{year}. {month} {day}.", "ru": "{day} {month} {year} г.",
    "uk": "{day} {month} {year} р.", "bg": "{day} {month} {year} г.", "ja": "{year}年{number}月{day}日",
    "zh": "{year}年{number}月{day}日", "ko": "{year}년 {number}월 {day}일", "he": "{day} ב{month} {year}",
    "th": "{day} {month} ค.ศ. {year}",
}  # fmt: skip
"""Where it is not '{day} {month} {year}'."""
_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "el": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου "
    "Δεκεμβρίου",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "fa": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "hi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
}


def contents_heading(language: str) -> str:
    """In the language of a tag (BCP 47), else in English."""
    return _CONTENTS.get(language.lower()) or _CONTENTS.get(_primary(language)) or _CONTENTS[_ENGLISH]


def date_in_words(moment: datetime, language: str = _ENGLISH) -> str:
    """'21 November 2026', '21. November 2026' or '2026年11月21日', whatever the language of the system."""
    spoken = _primary(language)
    if spoken not in _MONTHS and spoken not in _DAY:
        spoken = _ENGLISH
    months = _MONTHS.get(spoken, "").split()
    month = months[moment.month - 1] if months else ""
    pattern = _DAY.get(spoken, "{day} {month} {year}")
    return pattern.format(day=moment.day, month=month, number=moment.month, year=moment.year)


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()
