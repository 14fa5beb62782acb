with

loads as (select * from {{ ref('stg_odre__half_hourly_loads') }}),

known_defects as (select * from {{ ref('known_load_defects') }}),

-- What the row says of itself, or a dated defect says of it.
published as (

    select
        loads.*,
        case
            when loads.is_phantom_hour then 'phantom_hour'
            when loads.is_ignored_by_publisher then 'ignored_by_publisher'
            when loads.is_value_missing and loads.load_status_label_fr is not null then 'placeholder'
            when loads.is_value_missing then 'missing_value'
            when loads.load_published_mw <= 0 then 'not_positive'
            else known_defects.defect_code
        end as published_exclusion_code
    from loads
    left join known_defects
        on
            loads.period_start_at_utc >= known_defects.period_start_at_utc
            and loads.period_start_at_utc < known_defects.period_end_at_utc
            and known_defects.region_code in ('all', loads.region_code)
            -- Dated defects are those of the real files.
            and not loads._is_simulated

),

shares as (

    select
        region_code,
        period_start_at_utc,
        load_published_mw,
        date_trunc('month', date_day) as local_month,
        {{ clock_time('period_start_at_local') }} as local_time,
        load_published_mw / sum(load_published_mw) over (partition by period_start_at_utc) as national_share
    from published
    where published_exclusion_code is null

),

usual_shares as (

    select
        region_code,
        local_month,
        local_time,
        median(national_share) as national_share
    from shares
    group by region_code, local_month, local_time

),

-- A region's part of the national load at one clock time hardly moves within a month, whatever the weather (99.8 % of
-- real half-hours lie within 0.85..1.19 of its median): an instant where three regions or more are far off theirs holds
-- values of other regions.
scrambled_instants as (

    select shares.period_start_at_utc
    from shares
    inner join usual_shares
        on
            shares.region_code = usual_shares.region_code
            and shares.local_month = usual_shares.local_month
            and shares.local_time = usual_shares.local_time
    where not shares.national_share / usual_shares.national_share between 0.7 and 1.43
    group by shares.period_start_at_utc
    having count(*) >= 3

),

neighbours as (

    select
        shares.region_code,
        shares.period_start_at_utc,
        shares.load_published_mw / lag(shares.load_published_mw) over by_instant as ratio_to_previous,
        shares.load_published_mw / lead(shares.load_published_mw) over by_instant as ratio_to_next,
        datediff('minute', lag(shares.period_start_at_utc) over by_instant, shares.period_start_at_utc)
            as minutes_since_previous,
        datediff('minute', shares.period_start_at_utc, lead(shares.period_start_at_utc) over by_instant)
            as minutes_to_next
    from shares
    left join scrambled_instants on shares.period_start_at_utc = scrambled_instants.period_start_at_utc
    where scrambled_instants.period_start_at_utc is null
    window by_instant as (partition by shares.region_code order by shares.period_start_at_utc)

),

spikes as (

    select
        region_code,
        period_start_at_utc
    from neighbours
    where
        (
            (ratio_to_previous > 1.25 and ratio_to_next > 1.25)
            or (ratio_to_previous < 0.8 and ratio_to_next < 0.8)
        )
        -- Across a longer gap a jump is no evidence.
        and minutes_since_previous <= 90
        and minutes_to_next <= 90

),

flagged as (

    select
        published.*,
        case
            when published.published_exclusion_code is not null then published.published_exclusion_code
            when scrambled_instants.period_start_at_utc is not null then 'other_region_values'
            when spikes.period_start_at_utc is not null then 'spike'
        end as exclusion_code
    from published
    left join scrambled_instants on published.period_start_at_utc = scrambled_instants.period_start_at_utc
    left join spikes
        on
            published.region_code = spikes.region_code
            and published.period_start_at_utc = spikes.period_start_at_utc

),

final as (

    select
        region_code,
        period_start_at_utc,
        period_start_at_local,
        date_day,
        load_published_mw,
        case when exclusion_code is null then load_published_mw end as load_mw,
        exclusion_code,
        is_published_date_different,
        load_status_label_fr,
        _vintage_at,
        _loaded_at,
        _is_simulated
    from flagged

)

select * from final
