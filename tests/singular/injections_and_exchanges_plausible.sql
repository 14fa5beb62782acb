-- Detects a wrong factor or sign, power bands not summed and hours lost or doubled: a day's injection of a filière in
-- a region stays below 700 GWh and keeps what its rows say; borders add up to the published sums; a day has as many
-- hours as it has; and France exports from -80 to 130 TWh net in a whole year. A row is a day or a year outside.
with

injections as (select * from {{ ref('fct_daily_injection') }}),

published_injections as (

    select
        date_day,
        sum(injection_mwh) as injection_mwh
    from {{ ref('stg_odre__daily_injections') }}
    group by date_day

),

kept_injections as (

    select
        date_day,
        sum(injection_mwh) as injection_mwh,
        max(abs(injection_mwh)) as highest_mwh
    from injections
    group by date_day

),

exchanges as (select * from {{ ref('fct_daily_exchange') }}),

published_exchanges as (

    select
        date_day,
        sum(export_published_mwh) as export_mwh,
        -sum(import_published_mwh) as import_mwh
    from {{ ref('stg_odre__hourly_commercial_exchanges') }}
    group by date_day

),

kept_exchanges as (

    select
        date_day,
        sum(export_mwh) as export_mwh,
        sum(import_mwh) as import_mwh,
        max(hours_published_count) as hours_published_count,
        any_value(hours_in_local_day_count) as hours_in_local_day_count
    from exchanges
    group by date_day

),

off as (

    select
        'injection' as fact_name,
        published_injections.date_day
    from published_injections
    left join kept_injections on published_injections.date_day = kept_injections.date_day
    where
        kept_injections.injection_mwh is null
        or abs(kept_injections.injection_mwh - published_injections.injection_mwh) > 0.001
        or kept_injections.highest_mwh > 700000
    union all
    select
        'exchange' as fact_name,
        published_exchanges.date_day
    from published_exchanges
    left join kept_exchanges on published_exchanges.date_day = kept_exchanges.date_day
    where
        kept_exchanges.export_mwh is null
        or abs(kept_exchanges.export_mwh - published_exchanges.export_mwh) > 1
        or abs(kept_exchanges.import_mwh - published_exchanges.import_mwh) > 1
        or kept_exchanges.hours_published_count > kept_exchanges.hours_in_local_day_count
    union all
    select
        'exchange' as fact_name,
        make_date(year(date_day), 1, 1) as date_day
    from kept_exchanges
    group by year(date_day)
    having count(*) >= 360 and not sum(export_mwh - import_mwh) between -80e6 and 130e6

)

select * from off
