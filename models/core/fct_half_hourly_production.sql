with

productions as (select * from {{ ref('stg_odre__half_hourly_productions') }}),

{% set kinds = ['thermal', 'nuclear', 'wind', 'solar', 'hydro', 'bioenergy'] -%}
-- A kind that a region never reports (`ND`) is none there; one that it reports at other times is missing.
reported as (

    select
        region_code,
        {%- for kind in kinds %}
        count({{ kind }}_production_mw) > 0 as is_{{ kind }}_reported{{ ',' if not loop.last }}
        {%- endfor %}
    from productions
    group by region_code

),

final as (

    select
        productions.region_code,
        productions.period_start_at_utc,
        productions.date_day,
        {{ clock_time(paris_local_timestamp('productions.period_start_at_utc')) }} as local_time,
        {%- for kind in kinds %}
        productions.{{ kind }}_production_mw,
        {%- endfor %}
        {%- for kind in kinds %}
        case
            when reported.is_{{ kind }}_reported then productions.{{ kind }}_production_mw
            else 0
        end{{ ' +' if not loop.last else ' as production_mw,' }}
        {%- endfor %}
        productions.pumping_mw,
        productions.physical_exchange_mw,
        productions.load_published_mw,
        productions.production_status_label_fr,
        productions._is_simulated as is_simulated
    from productions
    inner join reported on productions.region_code = reported.region_code
    -- These rows stand on an instant that another row holds, or say nothing; data_quality counts them.
    where not productions.is_phantom_hour and not productions.is_value_missing

)

select * from final
