with

answers as (

    select * from {{ ref('int_answers_asked') }}
    -- Enedis's categories are fitted by day alone.
    where client_type_code = 'all'

),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where hour_of_day is not null

),

fits as (

    select
        series_code,
        window_code,
        max(load_mean_mw) as load_mean_mw,
        max(quarters_count) as quarters_count,
        {{ both_sides({
            'slope_mw_per_c': 'coefficient',
            'slope_mw_per_c_se': 'coefficient_se',
            'slope_mw_per_c_ci95_half_width': 'ci95_half_width',
            'refusal_codes': 'refusal_codes',
            'doubt_codes': 'doubt_codes',
        }) }}
    from {{ ref('int_slopes_judged') }}
    where specification_code = 'common'
    group by series_code, window_code

),

leave_outs as (

    select
        series_code,
        window_code,
        left_out_code,
        coefficient as heating_slope_mw_per_c
    from {{ ref('int_slope_leave_outs_united') }}
    where
        specification_code = 'common'
        and regressor_code = 'heating'

),

student_t as (select * from {{ ref('student_t_quantiles') }}),

loads as (

    select bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}

),

hours as (

    select distinct hour_of_day
    from series

),

-- A row for every question, so that a refused fit is a row with its reasons and not a silence.
asked as (

    select
        answers.* exclude (series_code),
        answers.series_code as daily_series_code,
        hours.hour_of_day,
        series.series_code
    from answers
    cross join hours
    left join series using (territory_level_code, territory_code, client_type_code, hour_of_day)

),

-- The factor is a ratio of slopes of the same days: its error comes from the same leave-outs.
factors as (

    select
        asked.series_code,
        asked.window_code,
        hourly.left_out_code,
        hourly.heating_slope_mw_per_c / nullif(daily.heating_slope_mw_per_c, 0) as heating_hour_factor
    from asked
    inner join leave_outs as hourly using (series_code, window_code)
    inner join leave_outs as daily
        on
            asked.daily_series_code = daily.series_code
            and hourly.window_code = daily.window_code
            and hourly.left_out_code = daily.left_out_code

),

spreads as (

    select
        series_code,
        window_code,
        {{ jackknife_se('heating_hour_factor') }} as heating_hour_factor_se
    from factors
    where left_out_code <> 'none'
    group by all

),

joined as (

    select
        asked.*,
        loads.is_simulated,
        fits.* exclude (series_code, window_code),
        factors.heating_hour_factor,
        spreads.heating_hour_factor_se,
        student_t.quantile_975 * spreads.heating_hour_factor_se as heating_hour_factor_ci95_half_width
    from asked
    cross join loads
    left join fits using (series_code, window_code)
    left join factors
        on
            asked.series_code = factors.series_code
            and asked.window_code = factors.window_code
            and factors.left_out_code = 'none'
    left join spreads using (series_code, window_code)
    left join student_t on fits.quarters_count - 1 = student_t.degrees_of_freedom

),

judged as (

    select
        *,
        -- Coverage and errors of the fit are told of the day.
        {{ series_refusal_reasons('heating_slope_mw_per_c') }} as series_refusal_codes,
        '' as series_doubt_codes
    from joined

),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        client_type_code,
        window_code,
        hour_of_day,
        coalesce(is_simulated, false) as is_simulated,
        load_mean_mw,
        cast(quarters_count as integer) as quarters_count,
        {% for measure in ['heating_slope_mw_per_c', 'cooling_slope_mw_per_c', 'heating_hour_factor'] -%}
        {{ measure }},
        {{ measure }}_se,
        {{ measure }} - {{ measure }}_ci95_half_width as {{ measure }}_ci95_low,
        {{ measure }} + {{ measure }}_ci95_half_width as {{ measure }}_ci95_high,
        {% endfor -%}
        {% for side in ['heating', 'cooling'] -%}
        {{ fit_status(side) }} as {{ side }}_fit_status,
        {% endfor -%}
        {{ fit_reasons() }} as fit_reason_codes
    from judged

)

select * from final
