with

effects as (select * from {{ ref('int_daily_weather_effects_estimated') }}),

normals as (

    select distinct
        region_code,
        normal_kind_code,
        normal_years_count,
        normal_first_year,
        normal_last_year
    from {{ ref('int_normal_degrees_averaged') }}

),

periods as (

    select * from {{ ref('consumption_by_period') }}
    where period_kind_code in ('day', 'iso_week', 'month', 'season', 'year')

),

period_days as (select * from {{ ref('int_period_days_listed') }}),

student_t as (select * from {{ ref('student_t_quantiles') }}),

regions as (

    select * from {{ ref('dim_regions') }}
    where is_load_published

),

regions_published as (

    select count(*) as regions_count
    from regions

),

territory_effects as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        * exclude (region_code)
    from effects
    union all by name
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        effects.date_day,
        effects.normal_kind_code,
        effects.left_out_code,
        max(effects.quarters_count) as quarters_count,
        sum(effects.weather_effect_mwh) as weather_effect_mwh,
        case when count(effects.calendar_effect_mwh) = count(*) then sum(effects.calendar_effect_mwh) end
            as calendar_effect_mwh
    from effects
    cross join regions_published
    group by effects.date_day, effects.normal_kind_code, effects.left_out_code
    -- A sum that lacks a region is not France.
    having count(*) = max(regions_published.regions_count)

),

territory_normals as (

    select
        region_code as territory_code,
        * exclude (region_code)
    from normals
    union all by name
    select
        'FR' as territory_code,
        normals.normal_kind_code,
        min(normals.normal_years_count) as normal_years_count,
        max(normals.normal_first_year) as normal_first_year,
        min(normals.normal_last_year) as normal_last_year
    from normals
    inner join regions using (region_code)
    cross join regions_published
    group by normals.normal_kind_code
    having count(*) = max(regions_published.regions_count)

),

-- One normal for all that is said of a territory: thirty years where they are held, of France where every region holds
-- them.
chosen_normals as (

    select * from territory_normals
    qualify
        row_number() over (partition by territory_code order by normal_kind_code = 'from_1991_to_2020' desc) = 1

),

summed as (

    select
        period_days.territory_code,
        period_days.period_kind_code,
        period_days.period_year,
        period_days.period_of_year_code,
        territory_effects.left_out_code,
        max(territory_effects.quarters_count) as quarters_count,
        count(*) as days_corrected_count,
        sum(territory_effects.weather_effect_mwh) as weather_effect_mwh,
        case when count(territory_effects.calendar_effect_mwh) = count(*)
            then sum(territory_effects.calendar_effect_mwh)
        end as calendar_effect_mwh
    from period_days
    inner join territory_effects using (territory_level_code, territory_code, date_day)
    inner join chosen_normals using (territory_code, normal_kind_code)
    group by all

),

-- The change is left out of as a whole: its two years stand on the same slope, and most of its error cancels.
summed_changes as (

    select
        *,
        weather_effect_mwh - sum(weather_effect_mwh) over (
            partition by territory_code, period_kind_code, period_of_year_code, left_out_code
            order by period_year
            range between 1 preceding and 1 preceding
        ) as weather_change_mwh
    from summed

),

spreads as (

    select
        territory_code,
        period_kind_code,
        period_year,
        period_of_year_code,
        count(*) as quarters_count,
        {{ jackknife_se('weather_effect_mwh') }} as weather_effect_mwh_se,
        {{ jackknife_se('weather_change_mwh') }} as weather_change_mwh_se
    from summed_changes
    where left_out_code <> 'none'
    group by all

),

corrected as (

    select
        periods.territory_level_code,
        periods.territory_code,
        periods.territory_label_fr,
        periods.period_kind_code,
        periods.period_year,
        periods.period_of_year_code,
        periods.period_start_on,
        periods.period_end_on,
        periods.is_simulated,
        coalesce(chosen_normals.normal_kind_code, 'years_held') as normal_kind_code,
        chosen_normals.normal_years_count,
        chosen_normals.normal_first_year,
        chosen_normals.normal_last_year,
        periods.days_in_period_count,
        summed.days_corrected_count,
        periods.energy_mwh,
        case
            when summed.days_corrected_count >= 0.95 * periods.days_in_period_count then summed.weather_effect_mwh
        end as weather_effect_mwh,
        student_t.quantile_975 * spreads.weather_effect_mwh_se as weather_effect_mwh_ci95_half_width,
        student_t.quantile_975 * spreads.weather_change_mwh_se as weather_change_mwh_ci95_half_width,
        -- A leap day is the calendar's too: the hours of a period beside those of the year before.
        summed.calendar_effect_mwh,
        periods.load_mean_mw,
        periods.energy_mwh / nullif(periods.load_mean_mw, 0) as hours_in_period_count
    from periods
    left join chosen_normals using (territory_code)
    left join summed
        on
            periods.territory_code = summed.territory_code
            and periods.period_kind_code = summed.period_kind_code
            and periods.period_year = summed.period_year
            and periods.period_of_year_code = summed.period_of_year_code
            and summed.left_out_code = 'none'
    left join spreads
        on
            periods.territory_code = spreads.territory_code
            and periods.period_kind_code = spreads.period_kind_code
            and periods.period_year = spreads.period_year
            and periods.period_of_year_code = spreads.period_of_year_code
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom

),

-- Since the year before: what weather did, what the calendar did, and what neither explains.
changed as (

    select
        corrected.*,
        corrected.energy_mwh - year_before.energy_mwh as energy_change_mwh,
        corrected.weather_effect_mwh - year_before.weather_effect_mwh as weather_change_mwh,
        corrected.calendar_effect_mwh - year_before.calendar_effect_mwh
        + year_before.load_mean_mw * (corrected.hours_in_period_count - year_before.hours_in_period_count)
            as calendar_change_mwh,
        year_before.energy_mwh as energy_of_year_before_mwh
    from corrected
    left join corrected as year_before
        on
            corrected.territory_code = year_before.territory_code
            and corrected.period_kind_code = year_before.period_kind_code
            and corrected.period_year = year_before.period_year + 1
            and corrected.period_of_year_code = year_before.period_of_year_code

),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        period_kind_code,
        period_year,
        period_of_year_code,
        period_start_on,
        period_end_on,
        is_simulated,
        normal_kind_code,
        cast(normal_years_count as integer) as normal_years_count,
        cast(normal_first_year as integer) as normal_first_year,
        cast(normal_last_year as integer) as normal_last_year,
        days_in_period_count,
        cast(coalesce(days_corrected_count, 0) as integer) as days_corrected_count,
        energy_mwh,
        weather_effect_mwh,
        weather_effect_mwh - weather_effect_mwh_ci95_half_width as weather_effect_mwh_ci95_low,
        weather_effect_mwh + weather_effect_mwh_ci95_half_width as weather_effect_mwh_ci95_high,
        100 * weather_effect_mwh / energy_mwh as weather_effect_pct,
        energy_mwh - weather_effect_mwh as energy_at_normal_temperature_mwh,
        energy_change_mwh,
        weather_change_mwh,
        calendar_change_mwh,
        energy_change_mwh - weather_change_mwh - calendar_change_mwh as rest_change_mwh,
        100 * (energy_change_mwh - weather_change_mwh)
        / energy_of_year_before_mwh as energy_change_without_weather_pct,
        100 * (energy_change_mwh - weather_change_mwh - weather_change_mwh_ci95_half_width)
        / energy_of_year_before_mwh as energy_change_without_weather_pct_ci95_low,
        100 * (energy_change_mwh - weather_change_mwh + weather_change_mwh_ci95_half_width)
        / energy_of_year_before_mwh as energy_change_without_weather_pct_ci95_high
    from changed

)

select * from final
