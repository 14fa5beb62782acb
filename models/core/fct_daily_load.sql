with

loads as (select * from {{ ref('fct_half_hourly_load') }}),

dates as (select * from {{ ref('int_dates_described') }}),

spans as (

    select
        region_code,
        min(date_day) as first_day,
        max(date_day) as last_day
    from loads
    group by region_code

),

daily as (

    select
        region_code,
        date_day,
        count(*) as half_hours_published_count,
        count(load_mw) as half_hours_valid_count,
        avg(load_mw) as load_valid_mean_mw,
        sum(energy_mwh) as energy_observed_mwh,
        count(load_filled_mw) as half_hours_filled_count,
        avg(coalesce(load_mw, load_filled_mw)) as load_completed_mean_mw,
        sum(load_filled_mw) * 0.5 as energy_filled_mwh
    from loads
    group by region_code, date_day

),

averaged as (

    -- From the spine of days, so that a day nobody published is a row and not a silence.
    select
        spans.region_code,
        dates.date_day,
        dates.hours_in_local_day_count,
        2 * dates.hours_in_local_day_count as half_hours_expected_count,
        coalesce(daily.half_hours_published_count, 0) as half_hours_published_count,
        coalesce(daily.half_hours_valid_count, 0) as half_hours_valid_count,
        case
            when daily.half_hours_valid_count >= 0.9 * 2 * dates.hours_in_local_day_count
                then daily.load_valid_mean_mw
        end as load_mean_mw,
        coalesce(daily.energy_observed_mwh, 0) as energy_observed_mwh,
        coalesce(daily.half_hours_filled_count, 0) as half_hours_filled_count,
        case
            when
                daily.half_hours_valid_count + daily.half_hours_filled_count
                >= 0.9 * 2 * dates.hours_in_local_day_count
                then daily.load_completed_mean_mw
        end as load_completed_mean_mw,
        coalesce(daily.energy_filled_mwh, 0) as energy_filled_mwh
    from spans
    inner join dates on dates.date_day between spans.first_day and spans.last_day
    left join daily
        on
            spans.region_code = daily.region_code
            and dates.date_day = daily.date_day

),

final as (

    select
        region_code,
        date_day,
        cast(hours_in_local_day_count as integer) as hours_in_local_day_count,
        cast(half_hours_expected_count as integer) as half_hours_expected_count,
        cast(half_hours_published_count as integer) as half_hours_published_count,
        cast(half_hours_valid_count as integer) as half_hours_valid_count,
        load_mean_mw is not null as is_counted,
        load_mean_mw,
        load_mean_mw * hours_in_local_day_count as energy_mwh,
        energy_observed_mwh,
        cast(half_hours_filled_count as integer) as half_hours_filled_count,
        -- A day that counts is as it is; one that does not may be completed by filled half-hours, for energies alone.
        coalesce(load_mean_mw, load_completed_mean_mw) as load_completed_mean_mw,
        case when load_mean_mw is null and load_completed_mean_mw is not null then energy_filled_mwh else 0 end
            as energy_filled_mwh
    from averaged

)

select * from final
