"""Which kind a request wishes for, by its words, in the eight languages.

Only weighed together with what the reply holds (kinds.py); what a message asks for is the gatekeeper's to decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from forgeapp.domain.artifact import Kind

STRONG, WEAK, FIRST = 4, 2, 1
MAX_LOOKED_AT = 4_000

_STRONG = {
    Kind.TABLE: r"""tables?|grid|matrix|comparison\ chart|tsv|tabular
        |tabellen?|übersichtstabelle|gegenüberstell\w*|vergleichstabelle|stell\b.{0,60}\bgegenüber|tableaux?
        |tablas?|cuadro|tabelas?|quadro|tabell[ae]|tabellina""",
    Kind.SPREADSHEET: r"""spreadsheets?|work(?:book|sheet)s?|excel|xlsx|formulas?|google\ sheets?|sheets?
        |running\ totals?
        |kalkulation\w*|tabellenkalkulation|arbeitsmappe|formeln?|excel-\w+|tableurs?|feuilles?\ de\ calcul
        |classeur|formules?
        |hojas?\ de\ c[áa]lculo|fórmulas?|planilhas?|folhas?\ de\ cálculo|fogli?o?\ (?:di\ calcolo|excel
        |elettronic\w+)|formule""",
    Kind.DOCUMENT: r"""reports?|letters?|memos?|proposals?|minutes|handbooks?|contracts?|agreements?|read-?me
        |essays?|articles?|blog(?:\ post)?|guides?|manual
        |polic(?:y|ies)|press\ release|cv|résumé|cover\ letter|documents?|documentation|brief|whitepaper|summary
        |speech|e-?mail|story|newsletter|announcement|job\ (?:ad|description)
        |terms|notice|page|one-pager|case\ study|lesson\ plan|project\ plan|business\ plan|biography|bio
        |tutorial|statement|specification|recipe|review|resignation|reference
        |bericht\w*|brief\w*|schreiben|protokoll\w*|angebot\w*|handbuch|vertrag\w*|aufsatz|artikel|leitfaden
        |anleitung|konzept|pressemitteilung|lebenslauf|dokument\w*|kündigung|rede|aushang|mietvertrag|vermerk
        |rapports?|lettres?|mémo|compte[- ]rendu|procès-verbal|contrats?|dissertation|manuel|communiqué
        |documents?|courrier|notice|attestation|mode\ d(?:'|’)emploi
        |informes?|cartas?|acta|contratos?|ensayos?|artículos?|guías?|manual|documentos?|currículum|comunicado
        |memorando|propuesta
        |relatórios?|atas?|contratos?|redação|artigos?|guias?|currículo|comunicado|propostas?|ofício|declaração
        |relazion[ei]|letter[ae]|verbal[ei]|contratt[oi]|articol[oi]|guida|manuale|curriculum|comunicat[oi]
        |document[oi]|propost[ae]|saggio|disdetta""",
    Kind.CODE: r"""scripts?|python|javascript|typescript|java|sql|bash|shell|powershell|regex\w*|function
        |functions|class|code|program|docker\S*|rust|golang|go\ (?:program|function)|c\+\+|c\#|php|ruby
        |kotlin|swift|html\ page|css|yaml|query|queries|api|endpoint|algorithm|snippet|cron\w*|makefile|macro
        |vba|react|component|unit\ tests?|terraform|github\ actions?|nginx|config(?:uration)?|landing\ page
        |website
        |skript\w*|programm|funktion|abfrage|klasse|fonction|requête|programme|programa|función|consulta|código
        |função|consulta|funzione|programma|codice|classe""",
}
_WEAK = {
    Kind.TABLE: r"""compare|comparison|overview|side\ by\ side|columns?|rows?|list\ of|check-?list|schedule
        |timetable|roster|raci|day\ by\ day|pros\ and\ cons|vs\.?|csv|rota|meal\ plan
        |vergleich\w*|übersicht|spalten?|zeilen?|checkliste|stundenplan|compar\w+|colonnes?|lignes?|vue\ d(?:'
        |’)ensemble|columnas?|filas?|colunas?|linhas?|confront\w+|colonne|righe|lista""",
    Kind.SPREADSHEET: r"""budget\w*|invoices?|payroll|calculator|calculations?|calculate|totals?|subtotals?|sum
        |loan|amortis\w+|amortiz\w+|forecast|expenses?|cash\ ?flow|tracker|break[- ]even|inventory|stock|vat
        |planned\ vs|p&l|depreciation|mileage|margins?|timesheet|per\ (?:month|cent|person)
        |haushaltsplan|rechnung\w*|kassenbuch|summen?|berechn\w+|gehalt\w*|mwst|ausgaben|devis|factures?|totaux
        |calcul\w*|dépenses|tva|ttc|trésorerie|presupuestos?|facturas?|total(?:es)?|calcula\w*|gastos|iva
        |orçamentos?|faturas?|totais|despesas|preventiv\w+|fattur\w+|totali|spese|calcol\w+""",
    Kind.DOCUMENT: r"""plans?|write|draft|paragraphs?|chapters?|sections?|explain|text|template|notes|schreib\w*
        |verfass\w*|entwurf|text|rédige\w*|écri\w+|texte|redacta\w*|escrib\w+|texto|redija|escrev\w+|scriv\w+
        |redigi\w*|testo|bozza""",
    Kind.CODE: r"""write\ me\ a\ (?:tool|cli)|cli|app|parse\w*|automate\w*|scrape\w*|json|deploy\w*|compile\w*
        |command|one-liner|backend|frontend|server|library|module|automatis\w+|comando|commande|befehl""",
}
_WIDE_STRONG = {
    Kind.TABLE: r"""表格|一覧表|比較表|対照表|チェック表|表を|表に|表で|做个表|列个表|对比表|清单表|表(?=作|形式)
        |テーブル""",
    Kind.SPREADSHEET: r"スプレッドシート|エクセル|电子表格|试算表|工作簿|公式|数式|計算表|Excel|工作表",
    Kind.DOCUMENT: r"""报告|報告書|信函|一封信|邮件|合同|协议|方案|会议纪要|手册|文章|文档|演讲稿|通知|简历
        |レポート|手紙|契約書|議事録|提案書|企画書|文書|マニュアル|案内文|お知らせ|作文|記事|履歴書|メール
        |説明書|仕様書""",
    Kind.CODE: r"代码|脚本|函数|程序|コード|スクリプト|関数|プログラム|クエリ|查询语句|正则",
}
_WIDE_WEAK = {
    Kind.TABLE: r"比较|对比|一覧|比較|清单|列出|リスト|まとめて",
    Kind.SPREADSHEET: r"预算|合计|总计|計算|予算|合計|平均|売上|見積|発票|发票|工资|請求",
    Kind.DOCUMENT: r"写一|起草|撰写|書いて|作成文|下書き|文面",
    Kind.CODE: r"自动化|自動化|爬虫",
}
_PART = re.compile(
    r"""\b(?:with|including|incl\.|plus|mit|inklusive|avec|con|com|incluindo|incluyendo|compreso)
    \ (?:an?\ |eine[rn]?\ |une?\ |una\ |uma?\ )?(?:small\ |kleine[rn]?\ |petite?\ |pequeñ[ao]\ )?
    (?:tables?|tabellen?|tableau|tabla|tabela|tabella)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""A table that is to be part of something else is not the thing asked for."""


@cache
def _patterns() -> list[tuple[Kind, int, re.Pattern[str]]]:
    found: list[tuple[Kind, int, re.Pattern[str]]] = []
    for weight, words in ((STRONG, _STRONG), (WEAK, _WEAK)):
        for kind, pattern in words.items():
            found.append((kind, weight, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE | re.VERBOSE)))
    for weight, words in ((STRONG, _WIDE_STRONG), (WEAK, _WIDE_WEAK)):
        for kind, pattern in words.items():
            found.append((kind, weight, re.compile(pattern, re.VERBOSE)))
    return found


@lru_cache(maxsize=8)
def wishes(request: str) -> Mapping[Kind, int]:
    """How much the request speaks for each kind: 4 where it names it, 2 where it hints, 1 more for what comes first.

    Kept, for a reply of many envelopes asks for each of them.
    """
    request = request[:MAX_LOOKED_AT]
    request = _PART.sub(" ", request)
    found = dict.fromkeys((Kind.TABLE, Kind.SPREADSHEET, Kind.DOCUMENT, Kind.CODE), 0)
    first: tuple[int, Kind] | None = None
    for kind, weight, pattern in _patterns():
        match = pattern.search(request)
        if not match:
            continue
        found[kind] = max(found[kind], weight)
        if weight == STRONG and (first is None or match.start() < first[0]):
            first = (match.start(), kind)
    if first is not None:
        found[first[1]] += FIRST
    return found
