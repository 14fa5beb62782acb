{% macro lake_root() -%}
    {%- set home = env_var('DATAELEC_HOME', '.') -%}
    {%- set lake = env_var('DATAELEC_LAKE', 'lake/' ~ target.name) -%}
    {{- lake if lake.startswith('/') or '://' in lake else home ~ '/' ~ lake -}}
{%- endmacro %}

{% macro assert_lake_exists() -%}
    {%- if execute and flags.WHICH in ['run', 'build', 'snapshot'] -%}
        {%- set lake = lake_root() -%}
        {%- set found = run_query("select count(*) from glob('" ~ lake ~ "/*/*/empty.parquet')").columns[0].values()[0] -%}
        {%- if found == 0 -%}
            {%- set advice = '`dataelec sample` writes a simulated one' if target.name == 'sample'
                else '`dataelec import DATASET FILE...` lands files that you hold' -%}
            {{ exceptions.raise_compiler_error(
                "There is no lake at '" ~ lake ~ "' (target " ~ target.name ~ "): " ~ advice
                ~ "; DATAELEC_LAKE names another place."
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro assert_database_name_is_free() -%}
    {%- if execute and target.database in ['staging', 'intermediate', 'core', 'analysis', 'dataelec', 'reference'] -%}
        {{ exceptions.raise_compiler_error(
            "A database file named '" ~ target.database ~ ".duckdb' hides the schema of the same name: DuckDB cannot tell "
            ~ target.database ~ ".x the schema from the file. Set DATAELEC_DATABASE to another file name."
        ) }}
    {%- endif -%}
{%- endmacro %}
