-- What does a public holiday, a bridge day, a Sunday change at equal temperature, and what each school holiday?
-- MW of the daily mean with its 95 % interval, and % of the territory's mean load over all days. A kind of day is
-- compared with Tuesdays to Thursdays outside school holidays; a school holiday (its working days that are no public
-- holiday and no bridge day) with the same weekdays outside. Both within a July-to-June season, after taking away what
-- heating and cooling explain; every day counts alike. Daylight and what else a time of year brings stay in: August
-- and the summer holidays are compared with other months. France is the sum of the twelve regions. The interval is the
-- jackknife of the slopes, slopes found anew; kinds under ten days are not shown. School holidays lie in few quarters:
-- theirs is rather narrow (it held 54 of 60 effects of known size in simulated data; of the kinds of day, 94 of 96).
with

regions as (

    select
        series.series_code,
        series.territory_code,
        sensitivity.territory_label_fr,
        sensitivity.is_simulated
    from {{ schema_and_table('int_load_series_listed') }} as series
    inner join {{ schema_and_table('weather_sensitivity') }} as sensitivity
        on
            series.territory_level_code = sensitivity.territory_level_code
            and series.territory_code = sensitivity.territory_code
            and series.client_type_code = sensitivity.client_type_code
    where
        series.territory_level_code = 'region'
        and series.client_type_code = 'all'
        and series.is_daily
        and sensitivity.window_code = 'all'
        and sensitivity.specification_code = 'common'

),

-- The slopes of all days, and those found without each calendar quarter.
slopes as (

    select
        leave_outs.series_code,
        leave_outs.left_out_code,
        count(*) over (partition by leave_outs.series_code) - 1 as quarters_count,
        leave_outs.load_mean_mw,
        {% for side in ['heating', 'cooling'] -%}
        coalesce(
            max(case when leave_outs.regressor_code = '{{ side }}' then leave_outs.coefficient end), 0
        ) as {{ side }}_slope_mw_per_c,
        max(case when leave_outs.regressor_code = '{{ side }}' then leave_outs.parameter end)
            as {{ side }}_balance_point_c{{ ',' if not loop.last }}
        {% endfor %}
    from {{ schema_and_table('int_slope_leave_outs_united') }} as leave_outs
    inner join regions on leave_outs.series_code = regions.series_code
    where
        leave_outs.window_code = 'all'
        and leave_outs.specification_code = 'common'
    group by leave_outs.series_code, leave_outs.left_out_code, leave_outs.load_mean_mw

),

days as (

    select
        fitted_days.*,
        case dates.iso_weekday when 1 then 'monday' when 5 then 'friday' else 'midweek' end as weekday_code,
        case
            when
                classified.is_school_holiday
                and dates.iso_weekday < 6
                and fitted_days.day_class_code not in ('lockdown', 'public_holiday', 'bridge_day')
                then dates.school_holiday_label_fr
        end as school_holiday_label_fr
    from {{ schema_and_table('int_regression_days_prepared') }} as fitted_days
    inner join regions on fitted_days.series_code = regions.series_code
    inner join {{ schema_and_table('dim_dates') }} as dates on fitted_days.date_day = dates.date_day
    inner join {{ schema_and_table('int_days_classified') }} as classified
        on
            fitted_days.date_day = classified.date_day
            and classified.territory_level_code = 'region'
            and regions.territory_code = classified.territory_code
    where fitted_days.exclusion_code is null

),

compared_kinds as (

    select
        *,
        day_class_code as kind_code,
        'midweek' as compared_with_code
    from days
    where
        day_class_code <> 'lockdown'
        and day_class_code not like '%_school_holiday'
    union all
    select
        *,
        school_holiday_label_fr as kind_code,
        weekday_code as compared_with_code
    from days
    where school_holiday_label_fr is not null

),

levels as (

    select
        kinds.series_code,
        slopes.left_out_code,
        slopes.quarters_count,
        slopes.load_mean_mw,
        kinds.season_regime_code,
        kinds.kind_code,
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

regional_effects as (

    select
        levels.series_code,
        levels.left_out_code,
        levels.quarters_count,
        levels.load_mean_mw,
        levels.kind_code,
        sum(levels.days_count) as days_count,
        sum(levels.days_count * (levels.level_mw - compared.level_mw)) / sum(levels.days_count) as effect_mw
    from levels
    inner join levels as compared
        on
            levels.series_code = compared.series_code
            and levels.left_out_code = compared.left_out_code
            and levels.season_regime_code = compared.season_regime_code
            and levels.compared_with_code = compared.kind_code
    where levels.kind_code <> 'midweek'
    group by all

),

effects as (

    select
        regions.territory_code,
        regions.territory_label_fr,
        regions.is_simulated,
        regional_effects.* exclude (series_code)
    from regional_effects
    inner join regions on regional_effects.series_code = regions.series_code
    union all by name
    select
        'FR' as territory_code,
        'France (12 régions)' as territory_label_fr,
        bool_or(regions.is_simulated) as is_simulated,
        regional_effects.left_out_code,
        max(regional_effects.quarters_count) as quarters_count,
        regional_effects.kind_code,
        min(regional_effects.days_count) as days_count,
        sum(regional_effects.effect_mw) as effect_mw,
        sum(regional_effects.load_mean_mw) as load_mean_mw
    from regional_effects
    inner join regions on regional_effects.series_code = regions.series_code
    group by all
    -- A sum that lacks a region is not France.
    having
        count(*) = (
            select count(*)
            from {{ schema_and_table('dim_regions') }}
            where is_load_published
        )

),

-- A kind of day that one leave-out lacks has no interval.
spreads as (

    select
        territory_code,
        kind_code,
        case when count(*) = max(quarters_count) then count(*) end as quarters_count,
        {{ jackknife_se('effect_mw') }} as effect_mw_se
    from effects
    where left_out_code <> 'none'
    group by all

)

select
    effects.territory_label_fr,
    effects.kind_code,
    effects.days_count,
    effects.effect_mw,
    effects.effect_mw - student_t.quantile_975 * spreads.effect_mw_se as effect_mw_ci95_low,
    effects.effect_mw + student_t.quantile_975 * spreads.effect_mw_se as effect_mw_ci95_high,
    100 * effects.effect_mw / effects.load_mean_mw as effect_pct_of_mean_load,
    effects.is_simulated
from effects
inner join spreads
    on
        effects.territory_code = spreads.territory_code
        and effects.kind_code = spreads.kind_code
left join {{ schema_and_table('student_t_quantiles') }} as student_t
    on spreads.quarters_count - 1 = student_t.degrees_of_freedom
where
    effects.left_out_code = 'none'
    and effects.days_count >= 10
order by effects.territory_code = 'FR' desc, effects.territory_label_fr asc, effects.effect_mw asc
