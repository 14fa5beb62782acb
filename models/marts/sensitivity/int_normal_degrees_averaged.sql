with

slopes as (

    select * from {{ ref('int_side_slopes_paired') }}
    where
        client_type_code = 'all'
        and left_out_code = 'none'

),

complete_years as (

    select
        territory_code as region_code,
        period_year
    from {{ ref('consumption_by_period') }}
    where
        territory_level_code = 'region'
        and period_kind_code = 'year'
        and is_complete

),

held_days as (

    select * from {{ ref('fct_daily_temperature') }}
    where temperature_smoothed_c is not null

),

past_days as (select * from {{ ref('int_past_temperatures_smoothed') }}),

days as (

    select
        held_days.region_code,
        'years_held' as normal_kind_code,
        held_days.date_day,
        held_days.temperature_smoothed_c
    from held_days
    inner join complete_years
        on
            held_days.region_code = complete_years.region_code
            and year(held_days.date_day) = complete_years.period_year
    union all
    select
        region_code,
        'from_1991_to_2020' as normal_kind_code,
        date_day,
        temperature_smoothed_c
    from past_days

),

spans as (

    select
        region_code,
        normal_kind_code,
        count(distinct year(date_day)) as normal_years_count,
        min(year(date_day)) as normal_first_year,
        max(year(date_day)) as normal_last_year
    from days
    group by region_code, normal_kind_code

),

averaged as (

    select
        days.region_code,
        days.normal_kind_code,
        {{ day_of_year_number('days.date_day') }} as day_of_year_number,
        avg({{ heating_degrees('days.temperature_smoothed_c', 'slopes.heating_balance_point_c') }}) as heating_normal_c,
        -- None where cooling was not kept in the fit.
        coalesce(
            avg({{ cooling_degrees('days.temperature_smoothed_c', 'slopes.cooling_balance_point_c') }}), 0
        ) as cooling_normal_c
    from days
    inner join slopes on days.region_code = slopes.territory_code
    group by all

),

final as (

    select
        averaged.*,
        spans.normal_years_count,
        spans.normal_first_year,
        spans.normal_last_year
    from averaged
    inner join spans using (region_code, normal_kind_code)

)

select * from final
