{%- set days_around = [-7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7] -%}
-- What a half-hour without a valid value would have been: what the region had at the same clock time of the days
-- around, moved as the other regions moved between the two instants, those more that usually move with it; then drawn
-- to its last valid half-hours before the gap and the first after it. No temperature and no fit goes into it, and no
-- fit uses it.
with

loads as (select * from {{ ref('int_half_hourly_loads_flagged') }}),

-- One row per instant: rows that duplicate another (phantom hours, rows to be ignored) are dropped.
published as (

    select
        region_code,
        period_start_at_utc,
        max(load_published_mw) as load_published_mw,
        max(load_mw) as load_mw,
        max(exclusion_code) as exclusion_code,
        bool_or(_is_simulated) as is_simulated
    from loads
    where coalesce(exclusion_code not in ('phantom_hour', 'ignored_by_publisher'), true)
    group by region_code, period_start_at_utc

),

valid as (

    select
        region_code,
        period_start_at_utc,
        ln(load_mw) as load_log,
        is_simulated
    from published
    where load_mw is not null

),

-- Between two valid half-hours: excluded ones, or such as were never published. A week is the longest that is filled.
gaps as (

    select
        region_code,
        lag(period_start_at_utc) over by_instant + interval 30 minute as gap_start_at_utc,
        period_start_at_utc as gap_end_at_utc,
        datediff('minute', lag(period_start_at_utc) over by_instant, period_start_at_utc) / 30 - 1
            as gap_half_hours_count,
        is_simulated
    from valid
    window by_instant as (partition by region_code order by period_start_at_utc)
    qualify
        datediff('minute', lag(period_start_at_utc) over by_instant, period_start_at_utc)
        between 31 and 7 * 24 * 60

),

-- Regions that have every half-hour of the gap: one and the same set before, in and after it.
others as (

    select
        gaps.region_code,
        gaps.gap_start_at_utc,
        valid.region_code as other_region_code
    from gaps
    inner join valid
        on
            gaps.gap_start_at_utc <= valid.period_start_at_utc
            and gaps.gap_end_at_utc > valid.period_start_at_utc
            and gaps.region_code <> valid.region_code
    group by gaps.region_code, gaps.gap_start_at_utc, gaps.gap_half_hours_count, valid.region_code
    having count(*) = gaps.gap_half_hours_count

),

-- How alike two regions move from one day to the next, three times a day.
changes as (

    select
        today.region_code,
        today.period_start_at_utc,
        today.load_log - eve.load_log as load_log_change
    from valid as today
    inner join valid as eve
        on
            today.region_code = eve.region_code
            and today.period_start_at_utc = eve.period_start_at_utc + interval 24 hour
    where
        hour(today.period_start_at_utc) in (6, 12, 18) and minute(today.period_start_at_utc) = 0

),

likeness as (

    select
        changes.region_code,
        others_changes.region_code as other_region_code,
        -- Squared, so that the few that are most alike decide.
        1 / power(greatest(var_samp(changes.load_log_change - others_changes.load_log_change), 1e-6), 2) as weight
    from changes
    inner join changes as others_changes
        on
            changes.period_start_at_utc = others_changes.period_start_at_utc
            and changes.region_code <> others_changes.region_code
    group by changes.region_code, others_changes.region_code
    having count(*) >= 30

),

-- The gap itself, and two hours on either side, by which the estimate is drawn to what is known.
asked as (

    select
        *,
        unnest(generate_series(
            gap_start_at_utc - interval 2 hour, gap_end_at_utc + interval 90 minute, interval 30 minute
        )) as period_start_at_utc
    from gaps

),

days_around as (

    select unnest([{{ days_around | join(', ') }}]) as days_count

),

neighbours as (

    select
        asked.region_code,
        asked.gap_start_at_utc,
        asked.period_start_at_utc,
        days_around.days_count,
        -- The same clock time, whatever the clock change.
        (
            {{ paris_local_timestamp('asked.period_start_at_utc') }} + to_days(cast(days_around.days_count as integer))
        ) at time zone 'Europe/Paris' as neighbour_at_utc
    from asked
    cross join days_around

),

own as (

    select
        neighbours.*,
        valid.load_log
    from neighbours
    inner join valid
        on
            neighbours.region_code = valid.region_code
            and neighbours.neighbour_at_utc = valid.period_start_at_utc

),

moved as (

    select
        own.region_code,
        own.gap_start_at_utc,
        own.period_start_at_utc,
        own.days_count,
        any_value(own.load_log)
        + sum(coalesce(likeness.weight, 1) * (other_now.load_log - other_then.load_log))
        / sum(coalesce(likeness.weight, 1)) as load_log,
        count(*) as regions_count
    from own
    inner join others
        on
            own.region_code = others.region_code
            and own.gap_start_at_utc = others.gap_start_at_utc
    inner join valid as other_now
        on
            others.other_region_code = other_now.region_code
            and own.period_start_at_utc = other_now.period_start_at_utc
    inner join valid as other_then
        on
            others.other_region_code = other_then.region_code
            and own.neighbour_at_utc = other_then.period_start_at_utc
    left join likeness
        on
            own.region_code = likeness.region_code
            and others.other_region_code = likeness.other_region_code
    group by own.region_code, own.gap_start_at_utc, own.period_start_at_utc, own.days_count

),

estimated as (

    select
        region_code,
        gap_start_at_utc,
        period_start_at_utc,
        'other_regions' as fill_method_code,
        -- Nearer days say more.
        sum(load_log / sqrt(abs(days_count))) / sum(1 / sqrt(abs(days_count))) as load_log
    from moved
    where regions_count >= 3
    group by region_code, gap_start_at_utc, period_start_at_utc
    union all
    -- Where other regions lack too: the days next to it and the same days of the weeks around.
    select
        own.region_code,
        own.gap_start_at_utc,
        own.period_start_at_utc,
        'own_days' as fill_method_code,
        avg(own.load_log) as load_log
    from own
    where
        own.days_count in (-7, -1, 1, 7)
        and (own.region_code, own.gap_start_at_utc) not in (
            select
                moved.region_code,
                moved.gap_start_at_utc
            from moved
            where moved.regions_count >= 3
        )
    group by own.region_code, own.gap_start_at_utc, own.period_start_at_utc

),

-- Error of the estimate on the known values beside the gap.
edges as (

    select
        estimated.region_code,
        estimated.gap_start_at_utc,
        avg(valid.load_log - estimated.load_log) filter (valid.period_start_at_utc < estimated.gap_start_at_utc)
            as miss_before,
        avg(valid.load_log - estimated.load_log) filter (valid.period_start_at_utc > estimated.gap_start_at_utc)
            as miss_after
    from estimated
    inner join valid
        on
            estimated.region_code = valid.region_code
            and estimated.period_start_at_utc = valid.period_start_at_utc
    group by estimated.region_code, estimated.gap_start_at_utc

),

positioned as (

    select
        estimated.*,
        asked.gap_half_hours_count,
        asked.is_simulated,
        (datediff('minute', estimated.gap_start_at_utc, estimated.period_start_at_utc) / 30 + 1)
        / (asked.gap_half_hours_count + 1) as position_share,
        coalesce(edges.miss_before, edges.miss_after, 0) as miss_before,
        coalesce(edges.miss_after, edges.miss_before, 0) as miss_after
    from estimated
    inner join asked
        on
            estimated.region_code = asked.region_code
            and estimated.gap_start_at_utc = asked.gap_start_at_utc
            and estimated.period_start_at_utc = asked.period_start_at_utc
    left join edges
        on
            estimated.region_code = edges.region_code
            and estimated.gap_start_at_utc = edges.gap_start_at_utc
    where
        estimated.period_start_at_utc >= asked.gap_start_at_utc
        and estimated.period_start_at_utc < asked.gap_end_at_utc

),

final as (

    select
        positioned.region_code,
        positioned.period_start_at_utc,
        cast({{ paris_local_timestamp('positioned.period_start_at_utc') }} as date) as date_day,
        published.load_published_mw,
        coalesce(published.exclusion_code, 'half_hour_not_published') as load_correction_code,
        exp(
            positioned.load_log
            + positioned.miss_before * (1 - positioned.position_share)
            + positioned.miss_after * positioned.position_share
        ) as load_filled_mw,
        positioned.fill_method_code,
        cast(positioned.gap_half_hours_count as integer) as gap_half_hours_count,
        positioned.is_simulated
    from positioned
    left join published
        on
            positioned.region_code = published.region_code
            and positioned.period_start_at_utc = published.period_start_at_utc

)

select * from final
