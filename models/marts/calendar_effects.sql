with

answers as (

    select * from {{ ref('weather_sensitivity') }}
    where
        window_code = 'all'
        and specification_code = 'common'

),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where is_daily

),

-- The slopes of all days, and those found without each calendar quarter.
slopes as (select * from {{ ref('int_side_slopes_paired') }}),

fitted_days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

classified_days as (select * from {{ ref('int_days_classified') }}),

dates as (select * from {{ ref('dim_dates') }}),

school_holidays as (

    select
        code as school_holiday_code,
        lower(label_fr) as school_holiday_label
    from {{ ref('dim_labels') }}
    where code_name = 'school_holiday_code'

),

sums as (select * from {{ ref('int_leave_outs_of_sums_listed') }}),

student_t as (select * from {{ ref('student_t_quantiles') }}),

days as (

    select
        fitted_days.*,
        case dates.iso_weekday when 1 then 'monday' when 5 then 'friday' else 'midweek' end as weekday_code,
        -- A holiday whose name is new is one all the same.
        case
            when
                classified_days.is_school_holiday
                and dates.iso_weekday < 6
                and fitted_days.day_class_code not in ('lockdown', 'public_holiday', 'bridge_day')
                then coalesce(school_holidays.school_holiday_code, 'other_holidays')
        end as school_holiday_code
    from fitted_days
    inner join series using (series_code)
    inner join dates using (date_day)
    inner join classified_days
        on
            fitted_days.date_day = classified_days.date_day
            and series.territory_level_code = classified_days.territory_level_code
            and series.territory_code = classified_days.territory_code
    -- Portal and seed write capitals differently.
    left join school_holidays on lower(dates.school_holiday_label_fr) = school_holidays.school_holiday_label

),

compared_kinds as (

    select
        *,
        day_class_code as calendar_kind_code,
        'midweek' as compared_with_code
    from days
    where
        day_class_code <> 'lockdown'
        and day_class_code not like '%_school_holiday'
    union all
    select
        *,
        school_holiday_code as calendar_kind_code,
        weekday_code as compared_with_code
    from days
    where school_holiday_code is not null

),

levels as (

    select
        slopes.series_code,
        slopes.left_out_code,
        slopes.load_mean_mw,
        kinds.season_regime_code,
        kinds.calendar_kind_code,
        kinds.compared_with_code,
        count(*) as days_count,
        avg(
            kinds.load_mean_mw
            - slopes.heating_slope_mw_per_c
            * {{ heating_degrees('kinds.temperature_c', 'slopes.heating_balance_point_c') }}
            - slopes.cooling_slope_mw_per_c
            * {{ cooling_degrees('kinds.temperature_c', 'slopes.cooling_balance_point_c') }}
        ) as level_mw
    from compared_kinds as kinds
    inner join slopes
        on
            kinds.series_code = slopes.series_code
            and kinds.calendar_quarter_code <> slopes.left_out_code
    group by all

),

-- Every day counts alike, compared inside its own regime.
regional_effects as (

    select
        levels.series_code,
        levels.left_out_code,
        levels.load_mean_mw,
        levels.calendar_kind_code,
        sum(levels.days_count) as days_count,
        sum(levels.days_count * (levels.level_mw - compared.level_mw)) / sum(levels.days_count) as effect_mw
    from levels
    inner join levels as compared
        on
            levels.series_code = compared.series_code
            and levels.left_out_code = compared.left_out_code
            and levels.season_regime_code = compared.season_regime_code
            and levels.compared_with_code = compared.calendar_kind_code
    where levels.calendar_kind_code <> 'midweek'
    group by all

),

effects as (

    select
        sums.sum_series_code as series_code,
        sums.left_out_code,
        max(sums.quarters_count) as quarters_count,
        regional_effects.calendar_kind_code,
        min(regional_effects.days_count) as days_count,
        sum(regional_effects.effect_mw) as effect_mw,
        sum(regional_effects.load_mean_mw) as load_mean_mw
    from regional_effects
    inner join sums
        on
            regional_effects.series_code = sums.series_code
            and regional_effects.left_out_code = sums.own_left_out_code
    group by all
    -- A sum without one of its regions is not a total.
    having count(*) = max(sums.regions_count)

),

-- A kind of day that one leave-out lacks has no interval.
spreads as (

    select
        series_code,
        calendar_kind_code,
        case when count(*) = max(quarters_count) then count(*) end as quarters_count,
        {{ jackknife_se('effect_mw') }} as effect_mw_se
    from effects
    where left_out_code <> 'none'
    group by series_code, calendar_kind_code

),

kinds_held as (

    select distinct calendar_kind_code
    from effects

),

joined as (

    select
        answers.territory_level_code,
        answers.territory_code,
        answers.territory_label_fr,
        answers.client_type_code,
        kinds_held.calendar_kind_code,
        answers.is_simulated,
        answers.is_load_partly_modelled,
        effects.days_count,
        spreads.quarters_count,
        effects.load_mean_mw,
        case
            when effects.series_code is null then 'no_fit'
            when effects.days_count < {{ fewest_days_of_a_kind() }} then 'too_few_days'
            when student_t.quantile_975 is null then 'too_few_quarters'
        end as effect_reason_code,
        effects.effect_mw,
        student_t.quantile_975 * spreads.effect_mw_se as effect_mw_ci95_half_width
    from answers
    cross join kinds_held
    left join series
        on
            answers.territory_level_code = series.territory_level_code
            and answers.territory_code = series.territory_code
            and answers.client_type_code = series.client_type_code
    left join effects
        on
            series.series_code = effects.series_code
            and kinds_held.calendar_kind_code = effects.calendar_kind_code
            and effects.left_out_code = 'none'
    left join spreads
        on
            effects.series_code = spreads.series_code
            and effects.calendar_kind_code = spreads.calendar_kind_code
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom

),

shown as (

    select * replace (case when coalesce(effect_reason_code, '') <> 'too_few_days' then effect_mw end as effect_mw)
    from joined

),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        client_type_code,
        calendar_kind_code,
        is_simulated,
        is_load_partly_modelled,
        cast(days_count as integer) as days_count,
        cast(quarters_count as integer) as quarters_count,
        load_mean_mw,
        -- The mean load is a fixed reference, not an estimate: the intervals of MW and % scale alike.
        {% for measure, factor in {'effect_mw': '', 'effect_pct_of_mean_load': '100 / load_mean_mw * '}.items() -%}
        {{ factor }}effect_mw as {{ measure }}, -- noqa: AL09
        {{ factor }}(effect_mw - effect_mw_ci95_half_width) as {{ measure }}_ci95_low,
        {{ factor }}(effect_mw + effect_mw_ci95_half_width) as {{ measure }}_ci95_high,
        {% endfor -%}
        effect_reason_code
    from shown

)

select * from final
