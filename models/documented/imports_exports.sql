{%- set borders = ['gb', 'cwe', 'ch', 'it', 'es'] -%}
-- Imports keep the sign that the source gives them: negative.
with

exchanges as (select * from {{ ref('fct_daily_exchange') }}),

final as (

    select
        date_day as date,  -- noqa: RF04
        {%- for border in borders %}
        sum(export_mwh) filter (border_code = '{{ border }}') as fr_vers_{{ border }}_mwh,
        -sum(import_mwh) filter (border_code = '{{ border }}') as {{ border }}_vers_fr_mwh,
        {%- endfor %}
        -- In one order, so that reading twice gives the same to the last digit.
        sum(export_mwh order by border_code) as export_france_mwh,
        -sum(import_mwh order by border_code) as import_france_mwh
    from exchanges
    group by date_day

)

select * from final
