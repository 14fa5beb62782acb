{%- set coldest_of_cooling = 22 -%}
-- Overseas: no heating, and hardly a day below the balance point of cooling. One slope inside calendar cells, the same
-- jackknife of quarters; no sum, least of all with the mainland.
with

regions as (

    select * from {{ ref('dim_regions') }}
    where school_zone_code is null

),

loads as (select * from {{ ref('int_daily_island_loads_averaged') }}),

hours as (select * from {{ ref('fct_hourly_island_load') }}),

temperatures as (select * from {{ ref('fct_daily_temperature') }}),

classified_days as (

    select * from {{ ref('int_days_classified') }}
    where territory_level_code = 'region'

),

regressors as (

    select * from {{ ref('regressors') }}
    where regressor_code = 'cooling'

),

student_t as (select * from {{ ref('student_t_quantiles') }}),

simulated as (

    select
        region_code,
        bool_or(is_simulated) as is_simulated
    from hours
    group by region_code

),

days as (

    select
        region_code,
        date_day,
        loads.load_mean_mw,
        temperatures.temperature_smoothed_c,
        {{ cooling_degrees('temperatures.temperature_smoothed_c', coldest_of_cooling) }} as cooling_degrees_c,
        classified_days.calendar_cell_code,
        classified_days.calendar_quarter_code
    from loads
    inner join temperatures using (region_code, date_day)
    inner join classified_days
        on
            loads.region_code = classified_days.territory_code
            and loads.date_day = classified_days.date_day
    where
        loads.is_counted
        and temperatures.temperature_smoothed_c is not null

),

left_out as (

    select distinct
        region_code,
        calendar_quarter_code as left_out_code
    from days
    union all
    select
        region_code,
        'none' as left_out_code
    from regions

),

within_cells as (

    select
        region_code,
        left_out.left_out_code,
        days.date_day,
        days.load_mean_mw,
        days.temperature_smoothed_c,
        days.cooling_degrees_c,
        days.load_mean_mw - avg(days.load_mean_mw) over cell as load_within_mw,
        days.cooling_degrees_c - avg(days.cooling_degrees_c) over cell as degrees_within_c
    from days
    inner join left_out using (region_code)
    where days.calendar_quarter_code <> left_out.left_out_code
    window cell as (partition by region_code, left_out.left_out_code, days.calendar_cell_code)

),

leave_outs as (

    select
        region_code,
        left_out_code,
        min(date_day) as window_start_on,
        max(date_day) as window_end_on,
        count(*) as days_used_count,
        count(case when cooling_degrees_c > 0 then 1 end) as days_count,
        avg(load_mean_mw) as load_mean_mw,
        avg(temperature_smoothed_c) as temperature_mean_c,
        sum(load_within_mw * degrees_within_c) / nullif(sum(degrees_within_c * degrees_within_c), 0) as coefficient
    from within_cells
    group by region_code, left_out_code

),

spreads as (

    select
        region_code,
        count(*) as quarters_count,
        {{ jackknife_se('coefficient') }} as coefficient_se
    from leave_outs
    where left_out_code <> 'none'
    group by region_code

),

described as (

    select
        regions.region_code,
        regions.region_label_fr,
        regions.population_count,
        coalesce(simulated.is_simulated, false) as is_simulated,
        whole.* exclude (region_code, left_out_code),
        spreads.quarters_count,
        spreads.coefficient_se,
        student_t.quantile_975 * spreads.coefficient_se as ci95_half_width,
        regressors.regressor_code,
        regressors.fewest_days_count,
        false as is_grid_edge,
        case
            when simulated.region_code is null then 'no_load_published'
            when whole.region_code is null then 'load_or_temperature_not_held'
        end as absence_reason_code
    from regions
    cross join regressors
    left join simulated using (region_code)
    left join leave_outs as whole
        on
            regions.region_code = whole.region_code
            and whole.left_out_code = 'none'
    left join spreads on regions.region_code = spreads.region_code
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom

),

judged as (

    select
        *,
        coalesce(absence_reason_code, {{ refusal_reasons() }}) as refusal_codes,
        {{ doubt_reasons() }} as doubt_codes
    from described

),

final as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        region_label_fr as territory_label_fr,
        is_simulated,
        window_start_on,
        window_end_on,
        cast(days_used_count as integer) as days_used_count,
        cast(quarters_count as integer) as quarters_count,
        load_mean_mw,
        temperature_mean_c,
        coefficient as cooling_slope_mw_per_c,
        coefficient_se as cooling_slope_mw_per_c_se,
        coefficient - ci95_half_width as cooling_slope_mw_per_c_ci95_low,
        coefficient + ci95_half_width as cooling_slope_mw_per_c_ci95_high,
        100 * coefficient / load_mean_mw as cooling_slope_pct_of_mean_load_per_c,
        1e6 * coefficient / nullif(population_count, 0) as cooling_slope_w_per_c_per_inhabitant,
        cast({{ coldest_of_cooling }} as double) as cooling_balance_point_c,
        cast(days_count as integer) as cooling_days_count,
        case
            when absence_reason_code is not null or refusal_codes like '%too_few%' then 'insufficient_data'
            when refusal_codes <> '' or doubt_codes like '%too_wide%' then 'not_identified'
            when doubt_codes <> '' then 'degraded'
            else 'qualified'
        end as cooling_fit_status,
        concat_ws(',', nullif(refusal_codes, ''), nullif(doubt_codes, '')) as fit_reason_codes
    from judged

)

select * from final
