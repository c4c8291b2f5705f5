"""Formulas as text: what is refused (S2), what no spreadsheet can read, and how one is spelled inside an XLSX file.

Everything works on one flat list of tokens, so it takes linear time and never looks into strings. What a formula
computes is not here; that is the engine's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from forgeapp.domain.workbook import MAX_FORMULA_CHARS

MAX_DEPTH = 64
"""Brackets within brackets; Excel's limit for functions within functions."""
MAX_STRING_CHARS = 255
"""Of a text within a formula."""
MAX_ARGUMENTS = 255


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: string, quoted (a sheet name), error, number, name (function, reference or name), brackets (a structured
    reference), operator, open, close, comma, semicolon, space, bad."""

    kind: str
    text: str


_TOKEN = re.compile(
    r"""(?P<name>[^\W\d][\w.$\\?]*|[\\$][\w.$\\?]*)
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<comma>,)
    |(?P<operator><=|>=|<>|[-+*/^&=<>:!%@|])
    |(?P<open>[({])
    |(?P<close>[)}])
    |(?P<string>"(?:[^"]|"")*+")
    |(?P<quoted>'(?:[^']|'')*+')
    |(?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|SPILL!|CALC!|GETTING_DATA|BLOCKED!))
    |(?P<hash>\#)
    |(?P<brackets>\[(?:[^\[\]]|\[[^\[\]]*+\])*+\])
    |(?P<semicolon>;)
    |(?P<space>[ \t\r\n\u00a0]+)
    |(?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)


_ROW = re.compile(r"(?<=[A-Za-z$])\d+(?![\w.(])")


def shape(formula: str) -> str:
    """The formula with every row number as 1: a column filled down has one shape, so that what depends on the shape
    alone is found out once."""
    return _ROW.sub("1", formula)


def tokens(formula: str) -> list[Token]:
    """The formula after its '=', cut into pieces that together are the formula."""
    return [Token(match.lastgroup or "bad", match[0]) for match in _TOKEN.finditer(formula, 1)]


_REACHES_OUT = {
    "WEBSERVICE": "it would fetch from the network",
    "IMAGE": "it would fetch from the network",
    "IMPORTDATA": "it would fetch from the network",
    "IMPORTXML": "it would fetch from the network",
    "IMPORTHTML": "it would fetch from the network",
    "IMPORTFEED": "it would fetch from the network",
    "IMPORTRANGE": "it would fetch from the network",
    "GOOGLEFINANCE": "it would fetch from the network",
    "GOOGLETRANSLATE": "it would send the cells to a service",
    "TRANSLATE": "it would send the cells to a service",
    "DETECTLANGUAGE": "it would send the cells to a service",
    "COPILOT": "it would send the cells to a service",
    "STOCKHISTORY": "it would fetch from the network",
    "SQL.REQUEST": "it would ask a database",
    "RTD": "it would start another program",
    "DDE": "it would start another program",
    "CALL": "it would call into a library of the system",
    "REGISTER": "it would call into a library of the system",
    "REGISTER.ID": "it would call into a library of the system",
    "EXEC": "it would start another program",
    "EXECUTE": "it would start another program",
    "INITIATE": "it would start another program",
    "POKE": "it would start another program",
    "SEND.KEYS": "it would start another program",
    "RUN": "it would run a macro",
    "EVALUATE": "it would run a macro",
    "FILES": "it would list files",
    "DIRECTORY": "it would list files",
    "PY": "it would run a program",
    "FOPEN": "it would open a file",
    "FWRITE": "it would write a file",
    "FWRITELN": "it would write a file",
}
_PREFIX = re.compile(
    r"^(?:_xlfn\.|_xlws\.|_xll\.|_xludf\.|com\.microsoft\.|org\.(?:openoffice|libreoffice)\.)+", re.IGNORECASE
)
_SAFE_LINK = re.compile(r'"(?:https?://|mailto:|#)', re.IGNORECASE)
_NAMES_A_FILE = re.compile(r"[\[|]|//|:/|\\\\|#\$")
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\|]")
_OUTSIDE = "it refers to another file"


def refusal(formula: str) -> str | None:
    """Why a formula is neither computed nor written, else None: it reaches out of the workbook (S2).

    Refused are DDE links (also in quotes: 'app|topic'!x), references to other workbooks, functions that fetch, send,
    call or start something, INDIRECT of a text that names a file, and HYPERLINK unless its address begins, in plain
    sight, with http(s):, mailto: or #.
    """
    return _refusal(shape(formula))


@lru_cache(maxsize=1024)
def _refusal(formula: str) -> str | None:
    parts = [token for token in tokens(formula) if token.kind != "space"]
    texts = ["", *(token.text for token in parts), "", ""]
    if any(token.kind == "string" and _NAMES_A_FILE.search(token.text) for token in parts) and any(
        token.kind == "name" and _function(token.text) == "INDIRECT" for token in parts
    ):
        return _OUTSIDE
    for index, token in enumerate(parts, start=1):
        before, after = texts[index - 1], texts[index + 1]
        if token.text == "|" or (token.kind == "quoted" and "|" in token.text):
            return "it would start another program (DDE)"
        if token.kind == "quoted" and _NOT_IN_A_SHEET_NAME.search(token.text):
            return _OUTSIDE
        if token.kind == "brackets" and after and after != ":" and (after[0].isalnum() or after[0] in "_!'"):
            return _OUTSIDE
        if token.kind == "bad" and token.text in "[]":
            return _OUTSIDE
        if token.kind == "operator" and token.text == ":" and after == "/":
            return _OUTSIDE
        if token.kind == "name":
            reason = _name_refusal(token.text, before, after, texts[index + 2])
            if reason:
                return reason
    return None


def _name_refusal(text: str, before: str, after: str, argument: str) -> str | None:
    if "\\" in text[1:] or text.startswith("\\\\"):
        return _OUTSIDE
    if after == "!":
        return _OUTSIDE if re.search(r"\.xl\w+$", text, re.IGNORECASE) else None
    name = _function(text)
    if name == "HYPERLINK" and not (after == "(" and _SAFE_LINK.match(argument)):
        return "it links to something else than a web or mail address"
    if name in _REACHES_OUT and (after == "(" or ":" not in (before, after)):
        return f"{name}: {_REACHES_OUT[name]}"
    return None


def _function(name: str) -> str:
    """Without the prefixes of files, and in plain letters: some programs take the full-width ones for them."""
    plain = name if name.isascii() else unicodedata.normalize("NFKC", name)
    return _PREFIX.sub("", plain).upper()


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIGNS = frozenset("+-@")
_BINARY = frozenset(("+", "-", "*", "/", "^", "&", "=", "<", ">", "<=", ">=", "<>", ":"))


def fault(formula: str) -> str | None:
    """Why no spreadsheet can read a formula, else None; Excel takes a file that holds such a one for damaged.

    Structured references (Table1[Price]) are among them, for our workbooks have no tables they could mean.
    """
    if len(formula) > MAX_FORMULA_CHARS:
        return f"it is longer than {MAX_FORMULA_CHARS:,} characters"
    return _fault(shape(formula))


@lru_cache(maxsize=1024)
def _fault(formula: str) -> str | None:
    opened: list[str] = []
    arguments: list[int] = []
    has_operand = False
    previous = ""
    for token in tokens(formula):
        kind, text = token.kind, token.text
        if kind == "space":
            continue
        if kind in ("name", "number", "string", "error"):
            if kind == "string" and len(text) - 2 - text.count('""', 1) > MAX_STRING_CHARS:
                return f"a text in it is longer than {MAX_STRING_CHARS} characters"
            if has_operand and (kind != "name" or previous != "name"):
                return f"an operator is missing before {text[:20]}"
            has_operand = True
        elif kind == "operator":
            if text == "!":
                if previous not in ("name", "quoted", "error"):
                    return "'!' stands without a sheet name"
                has_operand = False
            elif text == "%":
                if not has_operand:
                    return "'%' stands without a number"
            elif text in _BINARY and (has_operand or text in _SIGNS):
                has_operand = False
            elif text != "@" or has_operand:
                return f"{text!r} stands where a value belongs"
        elif kind == "open":
            if has_operand and (text == "{" or previous not in ("name", "close")):
                return "a bracket follows a value"
            opened.append("call" if text == "(" and has_operand else text)
            arguments.append(1)
            if len(opened) > MAX_DEPTH:
                return f"more than {MAX_DEPTH} levels are nested"
            has_operand = False
        elif kind == "close":
            if not opened or (opened[-1] == "{") != (text == "}"):
                return "its brackets do not match"
            if not has_operand and (opened[-1] != "call" or previous not in ("open", "comma")):
                return f"{text!r} stands where a value belongs"
            opened.pop()
            arguments.pop()
            has_operand = True
        elif kind == "comma":
            if not opened or (not has_operand and (opened[-1] != "call" or previous not in ("open", "comma"))):
                return "a comma stands where a value belongs"
            arguments[-1] += 1
            if opened[-1] == "call" and arguments[-1] > MAX_ARGUMENTS:
                return f"a function in it has more than {MAX_ARGUMENTS} values"
            has_operand = False
        elif kind == "semicolon":
            if not opened or opened[-1] != "{" or not has_operand:
                return "a semicolon stands outside an array"
            has_operand = False
        elif kind == "hash":
            if previous != "name":
                return "'#' stands without a reference"
        elif kind == "quoted":
            if has_operand:
                return f"an operator is missing before {text[:20]}"
        elif kind == "brackets":
            return "it refers to a table the workbook does not have"
        else:
            return f"{text!r} cannot be read"
        if previous == "quoted" and text != "!":
            return "a sheet name stands without a reference"
        previous = kind
    if opened:
        return "a bracket is not closed"
    return None if has_operand else "it ends where a value belongs"


SCALAR_FUNCTIONS = _names(
    """
    ABS ROUND ROUNDUP ROUNDDOWN INT TRUNC SQRT EXP LN LOG LOG10 MOD POWER SIGN LEN LEFT RIGHT MID UPPER LOWER PROPER
    TRIM TEXT VALUE SUBSTITUTE REPLACE FIND SEARCH EXACT CODE CHAR YEAR MONTH DAY WEEKDAY HOUR MINUTE SECOND DATE
    DATEVALUE EDATE EOMONTH IF IFS IFERROR IFNA SWITCH NOT ISNUMBER ISTEXT ISBLANK ISERROR ISNA ISEVEN ISODD N T
    """
)
"""Functions of single values: over a range each gives a value for every cell of it."""
_OPERATORS_ON_ARRAYS = frozenset(("+", "-", "*", "/", "^", "&", "=", "<", ">", "<=", ">=", "<>", "%"))


def yields_arrays(formula: str) -> bool:
    """Whether some part of the formula may be an array of values rather than one."""
    called = (name.upper() for name in _CALLED.findall(formula))
    return (
        "#" in formula or computes_arrays(formula) or any(_PREFIX.sub("", n).upper() in _DYNAMIC_ARRAYS for n in called)
    )


def computes_arrays(formula: str) -> bool:
    """Whether a range stands where one value belongs (A1:A9*2, LEN(A1:A9)), so that a file must mark the formula as an
    array formula; else Excel would take the one cell of the range that stands in the same row."""
    if ":" not in formula and "{" not in formula:
        return False
    return _computes_arrays(shape(formula))


@lru_cache(maxsize=1024)
def _computes_arrays(formula: str) -> bool:
    parts = [token for token in tokens(formula) if token.kind != "space"]
    calls: list[str] = []
    for index, token in enumerate(parts):
        if token.kind == "open":
            is_call = token.text == "(" and index > 0 and parts[index - 1].kind == "name"
            calls.append(_PREFIX.sub("", parts[index - 1].text).upper() if is_call else "")
        elif token.kind == "close" and calls:
            calls.pop()
        is_range = token.text == ":" and 0 < index < len(parts) - 1
        if not is_range and token.text != "{":
            continue
        if calls and token.text == ":" and calls[-1] in SCALAR_FUNCTIONS:
            return True
        start, end = _around(parts, index)
        if (start >= 0 and parts[start].text in _OPERATORS_ON_ARRAYS) or (
            end < len(parts) and parts[end].text in _OPERATORS_ON_ARRAYS
        ):
            return True
    return False


def _around(parts: Sequence[Token], index: int) -> tuple[int, int]:
    """The indices of the tokens before and after the range whose ':', or the array whose '{', is at `index`."""
    start, end = index - 1, index + 1
    if parts[index].text == "{":
        while end < len(parts) and parts[end].text not in ("}", "{"):
            end += 1
        return start, end + 1
    start -= 1
    if start >= 0 and parts[start].text == "!":
        start -= 2
    end += 1
    if end + 1 < len(parts) and parts[end].text == "!":
        end += 2
    return start, end


_NEW = _names(
    """
    ACOT ACOTH AGGREGATE ARABIC ARRAYTOTEXT BASE BETA.DIST BETA.INV BINOM.DIST BINOM.DIST.RANGE BINOM.INV BITAND
    BITLSHIFT BITOR BITRSHIFT BITXOR BYCOL BYROW CEILING.MATH CEILING.PRECISE CHISQ.DIST CHISQ.DIST.RT CHISQ.INV
    CHISQ.INV.RT CHISQ.TEST CHOOSECOLS CHOOSEROWS COMBINA CONCAT CONFIDENCE.NORM CONFIDENCE.T COT COTH COVARIANCE.P
    COVARIANCE.S CSC CSCH DAYS DECIMAL DROP ERF.PRECISE ERFC.PRECISE EXPAND EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT
    F.TEST FIELDVALUE FILTERXML FLOOR.MATH FLOOR.PRECISE FORECAST.ETS FORECAST.ETS.CONFINT FORECAST.ETS.SEASONALITY
    FORECAST.ETS.STAT FORECAST.LINEAR FORMULATEXT GAMMA GAMMA.DIST GAMMA.INV GAMMALN.PRECISE GAUSS GROUPBY HSTACK
    HYPGEOM.DIST IFNA IFS IMCOSH IMCOT IMCSC IMCSCH IMSEC IMSECH IMSINH IMTAN ISFORMULA ISOMITTED ISOWEEKNUM LAMBDA
    LET LOGNORM.DIST LOGNORM.INV MAKEARRAY MAP MAXIFS MINIFS MODE.MULT MODE.SNGL MUNIT NEGBINOM.DIST NORM.DIST
    NORM.INV NORM.S.DIST NORM.S.INV NUMBERVALUE PDURATION PERCENTILE.EXC PERCENTILE.INC PERCENTOF PERCENTRANK.EXC
    PERCENTRANK.INC PERMUTATIONA PHI PIVOTBY POISSON.DIST QUARTILE.EXC QUARTILE.INC RANDARRAY RANK.AVG RANK.EQ REDUCE
    REGEXEXTRACT REGEXREPLACE REGEXTEST RRI SCAN SEC SECH SEQUENCE SHEET SHEETS SINGLE SKEW.P SORTBY STDEV.P STDEV.S
    SWITCH T.DIST T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TAKE TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW
    TRIMRANGE UNICHAR UNICODE UNIQUE VALUETOTEXT VAR.P VAR.S VSTACK WEIBULL.DIST WRAPCOLS WRAPROWS XLOOKUP XMATCH XOR
    Z.TEST
    """
)
"""Functions newer than Excel 2007, as XlsxWriter's documentation and Microsoft's [MS-XLSX] 2.2.3 name them."""
_NEW_IN_WORKSHEETS = frozenset(("FILTER", "SORT"))
_DYNAMIC = _names(
    """
    ANCHORARRAY BYCOL BYROW CHOOSECOLS CHOOSEROWS DROP EXPAND FILTER GROUPBY HSTACK LAMBDA LET MAKEARRAY MAP PIVOTBY
    RANDARRAY REDUCE SCAN SEQUENCE SORT SORTBY TAKE TEXTSPLIT TOCOL TOROW UNIQUE VSTACK WRAPCOLS WRAPROWS XLOOKUP
    XMATCH
    """
)
_DYNAMIC_ARRAYS = _DYNAMIC - {"LET", "LAMBDA", "REDUCE", "XLOOKUP", "XMATCH"}
_OLD_ARRAYS = _names("FREQUENCY GROWTH LINEST LOGEST MINVERSE MMULT MODE.MULT MUNIT TRANSPOSE TREND")
"""Functions older than dynamic arrays that give arrays: of a plain formula Excel shows the first value only."""
_CALLED = re.compile(r"(?<![\w.])([^\W\d][\w.]*+)[ ]*+\(")
"""Functions with their prefixes. Only where a name begins: trying each letter of it would take quadratic time."""


@dataclass(frozen=True, slots=True)
class FileFormula:
    """`text` as it stands in the file, with its '='. `is_dynamic`: it has to be written as a dynamic array formula."""

    text: str
    is_dynamic: bool


def file_formula(formula: str) -> FileFormula:
    """How a formula is spelled inside an XLSX file: newer functions take a prefix ('_xlfn.', '_xlfn._xlws.'), names of
    LET and LAMBDA take '_xlpm.', A1# becomes ANCHORARRAY(A1), and '@', which a plain formula implies, goes."""
    is_array = computes_arrays(formula)
    called = [name.upper() for name in _CALLED.findall(formula)]
    is_array = is_array or any(name in _OLD_ARRAYS for name in called)
    if "#" not in formula and "@" not in formula and not any(n in _NEW or n in _NEW_IN_WORKSHEETS for n in called):
        return FileFormula(formula, is_array)
    parts = tokens(formula)
    parameters = _parameters(parts)
    spelled: list[str] = ["="]
    is_dynamic = False
    for index, token in enumerate(parts):
        text = token.text
        after = _next_text(parts, index)
        if token.kind == "name":
            upper = text.upper()
            if after == "(" and upper in _DYNAMIC:
                is_dynamic = True
            if text.casefold() in parameters and after != "!":
                text = f"_xlpm.{text}"
            elif after == "(" and upper in _NEW_IN_WORKSHEETS:
                text = f"_xlfn._xlws.{text}"
            elif after == "(" and upper in _NEW:
                text = f"_xlfn.{text}"
            elif index + 1 < len(parts) and parts[index + 1].kind == "hash":
                sheet = _take_sheet(parts, index, spelled)
                text = f"_xlfn.ANCHORARRAY({sheet}{text})"
                is_dynamic = True
        elif token.kind == "hash" or text == "@":
            continue
        spelled.append(text)
    return FileFormula("".join(spelled), is_array or is_dynamic)


def _next_text(parts: Sequence[Token], index: int) -> str:
    for token in parts[index + 1 : index + 3]:
        if token.kind != "space":
            return token.text
    return ""


def _take_sheet(parts: Sequence[Token], index: int, spelled: list[str]) -> str:
    """Takes 'Sheet'! off what was spelled already."""
    if index < 2 or parts[index - 1].text != "!":
        return ""
    sheet = "".join(spelled[-2:])
    del spelled[-2:]
    return sheet


def _parameters(parts: Sequence[Token]) -> frozenset[str]:
    """The names LET and LAMBDA give, casefolded: each a whole argument but the last; in LET every other one."""
    found: set[str] = set()
    stack: list[tuple[str, int]] = []
    solid = [token for token in parts if token.kind != "space"]
    for index, token in enumerate(solid):
        if token.kind == "open":
            called = solid[index - 1].text.upper() if index and solid[index - 1].kind == "name" else ""
            stack.append((_PREFIX.sub("", called).upper(), 0))
        elif token.kind == "close" and stack:
            stack.pop()
        elif token.kind == "comma" and stack:
            function, argument = stack.pop()
            is_name = solid[index - 1].kind == "name" and solid[index - 2].text in ("(", ",")
            if is_name and (function == "LAMBDA" or (function == "LET" and argument % 2 == 0)):
                found.add(solid[index - 1].text.casefold())
            stack.append((function, argument + 1))
    return frozenset(name for name in found if not name.startswith("_xlpm."))
