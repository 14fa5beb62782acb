"""SQL that reads one published value as its column's kind, whatever form the export gave it.

Each expression yields NULL for what it cannot read; `published_text` yields what was there, so that a value which is
there and cannot be read is told from an absent one.
"""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

from loaders.catalog import Code, Column, Kind, normalised

# Whatever was published is a value of these kinds.
ALWAYS_READABLE = (Kind.TEXT,)

_TERRITORIES = Path(__file__).parent.parent / "seeds" / "territories"
# Names that portals give to regions beside INSEE's.
_OTHER_NAMES = {"paca": "93", "region sud": "93", "provence alpes cote d azur": "93", "centre": "24", "reunion": "04"}
# Blanks that people's programs put around values, and into numbers: tab, no-break space, its narrow kin.
_BLANKS = " \t\u00a0\u202f\u2007\u2009"
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT")
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:00(\.0+)?)?"
_ISO_DAY = r"\d{4}-\d{2}-\d{2}"
_FRENCH_DAY = r"\d{1,2}/\d{1,2}/\d{4}"
_SHORT_FRENCH_DAY = r"\d{1,2}/\d{1,2}/\d{2}"
_MIDNIGHT = r"([T ]00:00(:00(\.0+)?)?(Z|[+-]00(:?00)?)?)?"
_CLOCK_OF_INSTANT = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?"
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)"
_COMMA_NUMBER = r"[+-]?(\d+|\d*,\d+|\d+,)([eE][+-]?\d+)?"
# `12.000` may be twelve thousand: of a whole number, no more than two zeros may follow the point.
_WHOLE_NUMBER = r"[+-]?\d+([.,]0{1,2})?"
# What a spreadsheet or pandas adds to a code that it takes for a number.
_DECIMALS_OF_A_CODE = r"[.,]0+$"
# Météo-France writes instants in UTC as digits alone.
_PLAIN_INSTANT = r"\d{14}"


def quoted(name: str) -> str:
    """Return an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def is_null_word(column: Column, text: str) -> str:
    """Return SQL that says whether a text is one of the words that stand for no value in this column."""
    return f"lower({text}) in ({', '.join(map(literal, column.nulls))})" if column.nulls else "false"


def published_text(name: str, source_type: str) -> str:
    """Return SQL for the value as text, trimmed; NULL where nothing was published."""
    text = f"nullif(trim({quoted(name)}::VARCHAR, {literal(_BLANKS)}), '')"
    if source_type in ("DOUBLE", "FLOAT"):
        return f"case when not isnan({quoted(name)}) then {text} end"
    return text


def typed_value(
    column: Column,
    name: str,
    source_type: str,
    decimal_comma: bool = False,
    needs_offset: bool = False,
    is_composed: bool = False,
    text_of: Callable[[str], str] | None = None,
) -> str:
    """Return SQL that reads the source column `name`, of DuckDB type `source_type`, as the kind of `column`.

    With `needs_offset`, text that says an instant without saying its time zone cannot be read; `is_composed` says that
    no accent stands as a character of its own; `text_of` gives the SQL for the text of another column of the same row,
    by field id. Text that is written as portals write it is read as it stands, which takes a third of the time: only
    what is not is trimmed and looked at closely.
    """
    raw, text = quoted(name), published_text(name, source_type)
    is_text = source_type == "VARCHAR"
    match column.kind:
        case Kind.NUMBER:
            return _number(raw, text, source_type, decimal_comma)
        case Kind.INTEGER:
            whole = f"split_part(split_part({text}, '.', 1), ',', 1)"
            return f"case when regexp_full_match({text}, '{_WHOLE_NUMBER}') then try_cast({whole} as INTEGER) end"
        case Kind.CODE:
            assert column.code is not None
            return _code(raw, text, column.code) if is_text else _code(text, text, column.code)
        case Kind.CLOCK:
            hour_and_minute = f"lpad(split_part({text}, ':', 1), 2, '0') || ':' || split_part({text}, ':', 2)"
            read = f"when regexp_full_match({text}, '{_CLOCK}') then {hour_and_minute}"
            plain = f"when {raw} like '__:__' and try_cast({raw} as TIME) is not null then {raw}" if is_text else ""
            return f"case {plain} {read} end"
        case Kind.DATE:
            return raw if source_type == "DATE" else _date(text)
        case Kind.PUBLISHED_DATE if is_text:
            plain = f"{raw} like '____-__-__' and try_cast({raw} as DATE) is not null"
            return f"case when {plain} then {raw} else strftime({_date(text)}, '%Y-%m-%d') end"
        case Kind.PUBLISHED_DATE:
            return f"strftime({raw if source_type == 'DATE' else _date(text)}, '%Y-%m-%d')"
        case Kind.INSTANT:
            return instant(name, source_type, needs_offset)
        case Kind.TEXT if column.codes_by is not None and text_of is not None:
            other, codes = column.codes_by
            cases = " ".join(
                f"when upper({text_of(other)}) = {literal(value)} then coalesce({_code(text, text, code)}, {text})"
                for value, code in codes.items()
            )
            return f"case {cases} else {text} end"
        case Kind.TEXT:
            # Hardly any value has a blank at an end: the others need no copy.
            blank = f"{raw} like ' %' or {raw} like '% ' or {raw} = ''"
            plain = f"case when {blank} then nullif(trim({raw}), '') else {raw} end" if is_text else text
            return plain if is_composed else f"nfc_normalize({plain})"


def instant(name: str, source_type: str, needs_offset: bool = False) -> str:
    """Return SQL that reads an instant; without an offset it is UTC, as portals write it in Parquet."""
    raw = quoted(name)
    if source_type == "TIMESTAMP WITH TIME ZONE":
        return raw
    if source_type.startswith("TIMESTAMP"):
        return f"{raw}::TIMESTAMP at time zone 'UTC'"
    text = published_text(name, source_type)
    pattern = f"{_CLOCK_OF_INSTANT}{_OFFSET}{'' if needs_offset else '?'}"
    usual = f"when {raw} like '____-__-__T__:__:__%+__:__' then try_cast({raw} as TIMESTAMPTZ)"
    written = f"when regexp_full_match({text}, '{pattern}') then try_cast({text} as TIMESTAMPTZ)"
    plain = f"try_strptime({text}, '%Y%m%d%H%M%S') at time zone 'UTC'"
    digits = f"when regexp_full_match({text}, '{_PLAIN_INSTANT}') then {plain}"
    return f"case {usual if source_type == 'VARCHAR' else ''} {written} {digits} end"


def _number(raw: str, text: str, source_type: str, decimal_comma: bool) -> str:
    if source_type in _INTEGERS or source_type.startswith("DECIMAL"):
        return f"{raw}::DOUBLE"
    if source_type in ("DOUBLE", "FLOAT"):
        return f"case when isfinite({raw}) then {raw}::DOUBLE end"
    if decimal_comma:
        number = f"try_cast(replace({text}, ',', '.') as DOUBLE)"
        return f"case when regexp_full_match({text}, '{_COMMA_NUMBER}') and isfinite({number}) then {number} end"
    # DuckDB's own reading of a number, which is much faster than a pattern, but for what it takes and others do not.
    cases = " ".join(
        f"when {value} is not null and isfinite(try_cast({value} as DOUBLE)) and not contains({value}, '_')"
        f" then try_cast({value} as DOUBLE)"
        for value in ((raw, text) if source_type == "VARCHAR" else (text,))
    )
    return f"case {cases} end"


def _code(raw: str, text: str, code: Code) -> str:
    """Return SQL for a code with its zeros: what spreadsheets and pandas made of it is undone.

    `raw` is the value as it stands, which hardly ever is not a code already, `text` what is left of it when trimmed.
    """
    if code.width == 1:
        right = f"length({raw}) = 1 and {raw} between '0' and 'Z'"
    else:
        right = f"regexp_full_match({raw}, '{code.pattern}')"
    bare = f"upper(regexp_replace({text}, '{_DECIMALS_OF_A_CODE}', ''))"
    lacks_zeros = f"length({bare}) < {code.width} and regexp_full_match({bare}, '\\d+|\\d[AB]\\d+')"
    padded = f"if({lacks_zeros}, lpad({bare}, {code.width}, '0'), {bare})"
    # A département of two digits is also written with three.
    shortened = f"if(length({bare}) = 3 and {bare}[1] = '0', {bare}[2:], {padded})" if code.width == 2 else padded
    cases = [f"when {right} then {raw}"]
    cases += [f"when {text} = {literal(word)} then {text}" for word in code.words]
    cases.append(f"when regexp_full_match({shortened}, '{code.pattern}') then {shortened}")
    if code.names:
        named = ", ".join(f"{literal(name)}: {literal(value)}" for name, value in _codes_by_name(code.names).items())
        plain = f"regexp_replace(lower(strip_accents({text})), '[^a-z]+', ' ', 'g')"
        cases.append(f"else map_extract_value(MAP {{{named}}}, {plain})")
    return f"case {' '.join(cases)} end"


@cache
def _codes_by_name(territories: str) -> dict[str, str]:
    """Return the codes of regions or départements by name, without accents and signs; read from the seed."""
    with (_TERRITORIES / f"{territories}.csv").open(encoding="utf-8", newline="") as stream:
        singular = territories.removesuffix("s")
        rows = list(csv.DictReader(stream))
    plain = {
        " ".join("".join(c if c.isalpha() else " " for c in normalised(row[f"{singular}_label_fr"])).split()): row[
            f"{singular}_code"
        ]
        for row in rows
    }
    return {**plain, **(_OTHER_NAMES if territories == "regions" else {})}


def _date(text: str) -> str:
    iso = f"case when regexp_full_match({text}, '{_ISO_DAY}{_MIDNIGHT}') then try_cast({text}[:10] as DATE) end"
    plain = f"case when regexp_full_match({text}, '\\d{{8}}') then try_strptime({text}, '%Y%m%d')::DATE end"
    return f"coalesce({iso}, {plain}, {_french_date(text)})"


def _french_date(text: str) -> str:
    return (
        f"case when not contains({text}, '/') then null"
        f" when regexp_full_match({text}, '{_FRENCH_DAY}{_MIDNIGHT}')"
        f" then try_strptime(split_part({text}, ' ', 1), '%d/%m/%Y')::DATE"
        f" when regexp_full_match({text}, '{_SHORT_FRENCH_DAY}') then try_strptime({text}, '%d/%m/%y')::DATE end"
    )
