{%- set emitting = ['coal', 'oil', 'gas', 'bioenergy'] %}
{%- set others = ['nuclear', 'wind', 'solar', 'hydro'] -%}
with

national as (

    select
        *,
        {{ clock_time(paris_local_timestamp('period_start_at_utc')) }} as local_time,
        -- What RTE divides by: what pumping takes is no electricity for others.
        {%- for kind in emitting + others %}
        {{ kind }}_production_mw +
        {%- endfor %}
        pumping_mw as fed_in_mw
    from {{ ref('stg_odre__half_hourly_national_loads') }}
    where not is_phantom_hour

),

factors as (

    select
        factor_set_code,
        {%- for kind in emitting %}
        max(case when production_kind_code = '{{ kind }}' then co2_t_per_mwh end) as {{ kind }}_t_per_mwh
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('emission_factors') }}
    group by factor_set_code

),

half_hours as (

    select
        national.*,
        factors.factor_set_code,
        0.5 * national.fed_in_mw as production_mwh,
        0.5 * (
            {%- for kind in emitting %}
            national.{{ kind }}_production_mw * factors.{{ kind }}_t_per_mwh{{ ' +' if not loop.last }}
            {%- endfor %}
        ) as co2_t
    from national
    cross join factors

),

periods as (

    {%- for kind, code, expected in [
        ('year', "'all'", '48 * dayofyear(make_date(year(max(date_day)), 12, 31))'),
        ('month', "strftime(date_day, '%m')", '48 * day(last_day(max(date_day)))'),
        ('hour_of_day', 'left(local_time, 2)', '2 * dayofyear(make_date(year(max(date_day)), 12, 31))'),
    ] %}
    select
        factor_set_code,
        '{{ kind }}' as period_kind_code,
        year(date_day) as period_year,
        {{ code }} as period_of_year_code,
        bool_or(_is_simulated) as is_simulated,
        count(production_mwh) as half_hours_count,
        count(production_mwh) >= 0.95 * {{ expected }} as is_covered,
        sum(co2_t) as co2_t,
        sum(production_mwh) as production_mwh,
        sum(case when production_mwh is not null then co2_intensity_published_g_per_kwh * production_mwh end)
        / sum(case when co2_intensity_published_g_per_kwh is not null then production_mwh end)
            as co2_intensity_published_g_per_kwh
    from half_hours
    group by all
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}

),

final as (

    select
        factor_set_code,
        period_kind_code,
        cast(period_year as integer) as period_year,
        period_of_year_code,
        is_simulated,
        cast(half_hours_count as integer) as half_hours_count,
        cast(production_mwh as double) as production_mwh,
        cast(co2_t as double) as co2_t,
        cast(case when is_covered then 1000 * co2_t / production_mwh end as double) as co2_intensity_g_per_kwh,
        cast(case when is_covered then co2_intensity_published_g_per_kwh end as double)
            as co2_intensity_published_g_per_kwh,
        case
            when half_hours_count = 0 then 'no_production_by_filiere'
            when not is_covered then 'too_few_half_hours'
        end as intensity_reason_code
    from periods

)

select * from final
