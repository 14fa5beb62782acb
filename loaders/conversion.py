"""SQL that reads one published value as its column's kind, whatever form the export gave it.

Each expression yields NULL for what it cannot read; `published_text` yields what was there, so that a value which is
there and cannot be read is told from an absent one.
"""

from loaders.catalog import Column, Kind

# Whatever was published is a value of these kinds.
ALWAYS_READABLE = (Kind.TEXT, Kind.PUBLISHED_DATE)

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT")
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:00(\.0+)?)?"
_ISO_DAY = r"\d{4}-\d{2}-\d{2}"
_FRENCH_DAY = r"\d{1,2}/\d{1,2}/\d{4}"
_SHORT_FRENCH_DAY = r"\d{1,2}/\d{1,2}/\d{2}"
_MIDNIGHT = r"([T ]00:00(:00(\.0+)?)?(Z|[+-]00(:?00)?)?)?"
_INSTANT = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?"
_PLAIN_INSTANT = r"\d{14}"
_COMMA_NUMBER = r"[+-]?(\d+|\d*,\d+)"
_CODE = r"\d[\dAB]?\d*"


def quoted(name: str) -> str:
    """Return an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def published_text(name: str, source_type: str) -> str:
    """Return SQL for the value as text, trimmed; NULL where nothing was published."""
    text = f"nullif(trim({quoted(name)}::VARCHAR), '')"
    if source_type in ("DOUBLE", "FLOAT"):
        return f"case when not isnan({quoted(name)}) then {text} end"
    return text


def typed_value(column: Column, name: str, source_type: str, decimal_comma: bool = False) -> str:
    """Return SQL that reads the source column `name`, of DuckDB type `source_type`, as the kind of `column`."""
    raw, text = quoted(name), published_text(name, source_type)
    match column.kind:
        case Kind.NUMBER:
            return _number(raw, text, source_type, decimal_comma)
        case Kind.INTEGER:
            return f"case when regexp_full_match({text}, '[+-]?\\d+(\\.0+)?') then try_cast({text} as INTEGER) end"
        case Kind.CODE:
            return _code(text, column.width)
        case Kind.CLOCK:
            hour_and_minute = f"lpad(split_part({text}, ':', 1), 2, '0') || ':' || split_part({text}, ':', 2)"
            plain = f"if(length({text}) = 5, {text}, {hour_and_minute})"
            return f"case when regexp_full_match({text}, '{_CLOCK}') then {plain} end"
        case Kind.DATE:
            return raw if source_type == "DATE" else _date(text)
        case Kind.PUBLISHED_DATE:
            return f"coalesce({_french_date(text)}::VARCHAR, {text})"
        case Kind.INSTANT:
            return instant(name, source_type)
        case Kind.TEXT:
            return text


def instant(name: str, source_type: str) -> str:
    """Return SQL that reads an instant; without an offset it is UTC, as portals write it in Parquet."""
    if source_type == "TIMESTAMP WITH TIME ZONE":
        return quoted(name)
    if source_type.startswith("TIMESTAMP"):
        return f"{quoted(name)}::TIMESTAMP at time zone 'UTC'"
    text = published_text(name, source_type)
    written = f"when regexp_full_match({text}, '{_INSTANT}') then try_cast({text} as TIMESTAMPTZ)"
    plain = f"try_strptime({text}, '%Y%m%d%H%M%S') at time zone 'UTC'"
    return f"case {written} when regexp_full_match({text}, '{_PLAIN_INSTANT}') then {plain} end"


def _number(raw: str, text: str, source_type: str, decimal_comma: bool) -> str:
    if source_type in _INTEGERS or source_type.startswith("DECIMAL"):
        return f"{raw}::DOUBLE"
    if source_type in ("DOUBLE", "FLOAT"):
        return f"case when isfinite({raw}) then {raw}::DOUBLE end"
    if decimal_comma:
        return f"case when regexp_full_match({text}, '{_COMMA_NUMBER}') then replace({text}, ',', '.')::DOUBLE end"
    # DuckDB's own reading of a number, which is much faster than a pattern, but for what it takes and others do not.
    number = f"try_cast({text} as DOUBLE)"
    return f"case when isfinite({number}) and not contains({text}, '_') then {number} end"


def _code(text: str, width: int) -> str:
    whole = f"length({text}) = {width} and regexp_full_match({text}, '{_CODE}')"
    # A code that once was a floating-point column carries `.0`.
    code = f"upper(if(ends_with({text}, '.0'), {text}[:-3], {text}))"
    is_code = f"regexp_full_match({code}, '{_CODE}') and length({code}) <= {width}"
    return f"case when {whole} then {text} when {is_code} then lpad({code}, {width}, '0') end"


def _date(text: str) -> str:
    iso = f"case when regexp_full_match({text}, '{_ISO_DAY}{_MIDNIGHT}') then try_cast({text}[:10] as DATE) end"
    plain = f"case when regexp_full_match({text}, '\\d{{8}}') then try_strptime({text}, '%Y%m%d')::DATE end"
    return f"coalesce({iso}, {plain}, {_french_date(text)})"


def _french_date(text: str) -> str:
    return (
        f"case when not contains({text}, '/') then null"
        f" when regexp_full_match({text}, '{_FRENCH_DAY}') then try_strptime({text}, '%d/%m/%Y')::DATE"
        f" when regexp_full_match({text}, '{_SHORT_FRENCH_DAY}') then try_strptime({text}, '%d/%m/%y')::DATE end"
    )
