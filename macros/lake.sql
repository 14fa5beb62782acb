{% macro assert_lake_exists() -%}
    {%- if execute and flags.WHICH in ['run', 'build', 'snapshot'] -%}
        {%- set where = (graph.sources.values() | first).config.meta -%}
        {%- set lake = where.lake -%}
        {%- set places = run_query("select file from glob('" ~ where.reading_copy ~ "/*/*/empty.parquet')").columns[0].values() -%}
        {%- set advice = '`dataelec sample` writes a simulated one' if target.name == 'sample'
            else '`dataelec load` fills it from the portals, `dataelec import DATASET FILE...` lands files that you hold' -%}
        {%- if places | length == 0 -%}
            {{ exceptions.raise_compiler_error(
                "There is no lake at '" ~ lake ~ "' (target " ~ target.name ~ "): " ~ advice
                ~ "; DATAELEC_LAKE names another place."
            ) }}
        {%- endif -%}
        {%- set held = places | join(' ') -%}
        {%- for source in graph.sources.values() if source.source_name != 'lake' and '/' ~ source.identifier ~ '/empty.parquet' not in held -%}
            {{ exceptions.raise_compiler_error(
                "The lake at '" ~ lake ~ "' was made before dataset '" ~ source.identifier ~ "' was known. "
                ~ "Any `dataelec " ~ ("sample" if target.name == "sample" else "load` or `dataelec import")
                ~ "` makes room for it."
            ) }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro assert_database_name_will_do() -%}
    {#- DuckDB opens a data file, `x.csv`, as a table to read: what is built is gone at the end, without a word. -#}
    {%- if execute and not target.path.endswith('.duckdb') -%}
        {{ exceptions.raise_compiler_error(
            "The database file is named '" ~ target.path ~ "': DATAELEC_DATABASE must end in .duckdb."
        ) }}
    {%- endif -%}
    {%- if execute and ("'" in target.database or '"' in target.database) -%}
        {#- The adapter writes the file's name into SQL as it is; folders above it may have any name. -#}
        {{ exceptions.raise_compiler_error(
            "The database file is named '" ~ target.path ~ "': a file name with an apostrophe or a quotation mark breaks "
            ~ "the SQL that the adapter writes. Set DATAELEC_DATABASE to another file name."
        ) }}
    {%- endif -%}
    {%- if execute and target.database in ['staging', 'intermediate', 'core', 'analysis', 'dataelec', 'reference'] -%}
        {{ exceptions.raise_compiler_error(
            "A database file named '" ~ target.database ~ ".duckdb' hides the schema of the same name: DuckDB cannot tell "
            ~ target.database ~ ".x the schema from the file. Set DATAELEC_DATABASE to another file name."
        ) }}
    {%- endif -%}
{%- endmacro %}
