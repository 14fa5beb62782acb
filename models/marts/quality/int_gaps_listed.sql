-- Days that are not held between the first and the last of a region, in stretches. What is lost on the way is another
-- matter: a test compares with what staging has.
with

loads as (select * from {{ ref('fct_daily_load') }}),

temperatures as (select * from {{ ref('fct_daily_temperature') }}),

client_half_hours as (select * from {{ ref('fct_half_hourly_client_load') }}),

published_temperatures as (select * from {{ ref('stg_odre__daily_temperatures') }}),

dates as (select * from {{ ref('dim_dates') }}),

known_missing_days as (select * from {{ ref('known_missing_days') }}),

client_days as (

    select distinct
        region_code,
        client_type_code,
        date_day
    from client_half_hours

),

client_spans as (

    select
        region_code,
        client_type_code,
        min(date_day) as first_day,
        max(date_day) as last_day
    from client_days
    group by region_code, client_type_code

),

days as (

    select
        'consommation-quotidienne-brute-regionale' as dataset_code,
        region_code,
        date_day
    from loads
    where half_hours_published_count = 0
    union all
    select
        'temperature-quotidienne-regionale' as dataset_code,
        temperatures.region_code,
        temperatures.date_day
    from temperatures
    anti join known_missing_days
        on
            temperatures.date_day = known_missing_days.date_day
            and known_missing_days.dataset_code = 'temperature-quotidienne-regionale'
    where
        temperatures.temperature_published_mean_c is null
        and temperatures.temperature_source_code = 'published'
        -- The portal often lacks the last day of a month.
        and day(temperatures.date_day + 1) <> 1
        and not (select coalesce(bool_or(_is_simulated), false) from published_temperatures)
    union all
    select distinct
        case client_spans.client_type_code
            when 'enedis_enterprise' then 'conso-sup36-region'
            else 'conso-inf36-region'
        end as dataset_code,
        client_spans.region_code,
        dates.date_day
    from client_spans
    inner join dates on dates.date_day between client_spans.first_day and client_spans.last_day
    anti join client_days
        on
            client_spans.region_code = client_days.region_code
            and client_spans.client_type_code = client_days.client_type_code
            and dates.date_day = client_days.date_day

),

-- Consecutive days differ from their rank by the same.
stretches as (

    select
        *,
        date_day - cast(
            row_number() over (partition by dataset_code, region_code order by date_day) as integer
        ) as stretch_key
    from days

),

final as (

    select
        dataset_code,
        region_code,
        min(date_day) as first_day,
        max(date_day) as last_day,
        count(*) as days_count
    from stretches
    group by dataset_code, region_code, stretch_key

)

select * from final
