{%- set borders = ['gb', 'cwe', 'ch', 'it', 'es'] %}

with

source as (select * from {{ source('odre', 'imports_exports_commerciaux') }}),

renamed as (

    select
        date as date_day,
        -- Days of a clock change have 23 or 25 positions.
        position as exchange_position,
        -- Imports are published as negative numbers and stay so.
        {%- for border in borders %}
        fr_{{ border }} as export_to_{{ border }}_published_mwh,
        {{ border }}_fr as import_from_{{ border }}_published_mwh,
        {%- endfor %}
        export_france as export_published_mwh,
        import_france as import_published_mwh,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
