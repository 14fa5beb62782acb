with

series as (

    select * from {{ ref('int_load_series_listed') }}

),

regions as (

    select * from {{ ref('dim_regions') }}

),

leave_outs as (

    select * from {{ ref('int_slope_leave_outs_united') }}
    where specification_code = 'common'

),

student_t as (

    select * from {{ ref('student_t_quantiles') }}

),

loads as (

    select bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}

),

hourly as (

    select
        series.territory_level_code,
        series.territory_code,
        series.client_type_code,
        series.hour_of_day,
        leave_outs.*
    from leave_outs
    inner join series on leave_outs.series_code = series.series_code
    where series.hour_of_day is not null

),

daily as (

    select
        series.territory_code,
        series.client_type_code,
        leave_outs.*
    from leave_outs
    inner join series on leave_outs.series_code = series.series_code
    where series.variant_code = 'daily'

),

-- The factor is a ratio of slopes of the same days: its error comes from the same leave-outs.
compared as (

    select
        hourly.territory_level_code,
        hourly.territory_code,
        hourly.client_type_code,
        hourly.window_code,
        hourly.hour_of_day,
        hourly.left_out_code,
        hourly.load_mean_mw,
        hourly.heating_slope_mw_per_c,
        hourly.cooling_slope_mw_per_c,
        hourly.heating_slope_mw_per_c / nullif(daily.heating_slope_mw_per_c, 0) as heating_hour_factor
    from hourly
    inner join daily
        on
            hourly.territory_code = daily.territory_code
            and hourly.client_type_code = daily.client_type_code
            and hourly.window_code = daily.window_code
            and hourly.left_out_code = daily.left_out_code

),

spreads as (

    select
        territory_code,
        client_type_code,
        window_code,
        hour_of_day,
        count(*) as quarters_count,
        {{ jackknife_se('heating_slope_mw_per_c') }} as heating_slope_mw_per_c_se,
        {{ jackknife_se('cooling_slope_mw_per_c') }} as cooling_slope_mw_per_c_se,
        {{ jackknife_se('heating_hour_factor') }} as heating_hour_factor_se
    from compared
    where left_out_code <> 'none'
    group by all

),

final as (

    select
        compared.territory_level_code,
        compared.territory_code,
        coalesce(regions.region_label_fr, 'France (12 régions)') as territory_label_fr,
        compared.client_type_code,
        compared.window_code,
        compared.hour_of_day,
        coalesce(loads.is_simulated, false) as is_simulated,
        compared.load_mean_mw,
        {% for measure in ['heating_slope_mw_per_c', 'cooling_slope_mw_per_c', 'heating_hour_factor'] -%}
        compared.{{ measure }},
        spreads.{{ measure }}_se,
        compared.{{ measure }} - student_t.quantile_975 * spreads.{{ measure }}_se as {{ measure }}_ci95_low,
        compared.{{ measure }} + student_t.quantile_975 * spreads.{{ measure }}_se as {{ measure }}_ci95_high
        {{- ',' if not loop.last }}
        {% endfor %}
    from compared
    cross join loads
    left join regions on compared.territory_code = regions.region_code
    left join spreads
        on
            compared.territory_code = spreads.territory_code
            and compared.client_type_code = spreads.client_type_code
            and compared.window_code = spreads.window_code
            and compared.hour_of_day = spreads.hour_of_day
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom
    where compared.left_out_code = 'none'

)

select * from final
