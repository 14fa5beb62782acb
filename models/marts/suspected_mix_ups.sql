-- A region's part of the national load at one clock time, against its median over the four weeks around: weather moves
-- it by some 5 %, slowly; hours on end far beyond are metering points of a neighbour, or values that stepped away.
with

hourly_loads as (select * from {{ ref('int_hourly_loads_averaged') }}),

regions as (select * from {{ ref('dim_regions') }}),

neighbours as (

    select
        region_code,
        neighbour_region_code
    from {{ ref('neighbouring_regions') }}
    union all
    select
        neighbour_region_code as region_code,
        region_code as neighbour_region_code
    from {{ ref('neighbouring_regions') }}

),

simulated as (

    select bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}

),

shares as (

    select
        region_code,
        date_day,
        hour_of_day,
        {{ iso_weekday('date_day') }} >= 6 as is_weekend,
        load_mean_mw,
        ln(load_mean_mw / sum(load_mean_mw) over (partition by date_day, hour_of_day)) as share_log,
        count(*) over (partition by date_day, hour_of_day) as regions_count
    from hourly_loads

),

-- Of a few regions a share says little.
deviations as (

    select
        region_code,
        date_day,
        hour_of_day,
        load_mean_mw,
        24 * datediff('day', date '2000-01-01', date_day) + hour_of_day as hour_rank,
        share_log - median(share_log) over (
            partition by region_code, hour_of_day, is_weekend
            order by date_day
            range between interval 14 day preceding and interval 14 day following
        ) as deviation_log
    from shares
    where regions_count >= 6

),

measured as (

    select
        *,
        load_mean_mw - load_mean_mw / exp(deviation_log) as deviation_mw,
        -- Beyond a tenth, up or down.
        case when abs(deviation_log) > 0.1 then sign(deviation_log) else 0 end as side
    from deviations

),

-- Hours on end on one side; the hour that the spring clock change leaves out breaks nothing.
stepped as (

    select
        *,
        case
            when
                side = lag(side) over by_hour
                and hour_rank - lag(hour_rank) over by_hour <= 2
                then 0
            else 1
        end as is_new_run
    from measured
    window by_hour as (partition by region_code order by hour_rank)

),

numbered as (

    select
        *,
        sum(is_new_run) over (partition by region_code order by hour_rank rows unbounded preceding) as run_number
    from stepped

),

runs as (

    select
        region_code,
        min(hour_rank) as first_hour_rank,
        max(hour_rank) as last_hour_rank,
        count(*) as hours_count,
        avg(deviation_log) as deviation_log,
        avg(deviation_mw) as deviation_mw
    from numbered
    where side <> 0
    group by region_code, run_number
    having count(*) >= 4 and abs(avg(deviation_log)) >= 0.15

),

-- The neighbour whose deviation mirrors the region's.
partners as (

    select
        runs.region_code,
        runs.first_hour_rank,
        beside.region_code as other_region_code,
        avg(beside.deviation_log) as other_deviation_log,
        avg(beside.deviation_mw) as other_deviation_mw
    from runs
    inner join neighbours on runs.region_code = neighbours.region_code
    inner join measured as beside
        on
            neighbours.neighbour_region_code = beside.region_code
            and beside.hour_rank between runs.first_hour_rank and runs.last_hour_rank
    group by runs.region_code, runs.first_hour_rank, runs.deviation_mw, beside.region_code
    having
        -avg(beside.deviation_mw) / runs.deviation_mw between 0.6 and 1.4
        -- In most of the hours, not on average alone.
        and count(*) filter (sign(beside.deviation_mw) = -sign(runs.deviation_mw)) >= 0.8 * count(*)
    qualify
        row_number() over (
            partition by runs.region_code, runs.first_hour_rank
            order by abs(avg(beside.deviation_mw) / runs.deviation_mw + 1)
        ) = 1

),

suspected as (

    select
        runs.*,
        partners.other_region_code,
        partners.other_deviation_log,
        partners.other_deviation_mw,
        case when partners.other_region_code is not null then 'two_regions' else 'one_region' end as suspicion_code
    from runs
    left join partners
        on
            runs.region_code = partners.region_code
            and runs.first_hour_rank = partners.first_hour_rank
    where
        partners.other_region_code is not null
        or (abs(runs.deviation_log) >= 0.25 and runs.hours_count >= 6)

),

final as (

    select
        'region' as territory_level_code,
        suspected.region_code as territory_code,
        regions.region_label_fr as territory_label_fr,
        coalesce(simulated.is_simulated, false) as is_simulated,
        cast(suspected.suspicion_code as varchar) as suspicion_code,
        suspected.other_region_code as other_territory_code,
        {% for edge, rank in [('start', 'suspected.first_hour_rank'), ('end', '(suspected.last_hour_rank + 1)')] -%}
        (timestamp '2000-01-01 00:00:00' + to_hours(cast({{ rank }} as integer))) at time zone 'Europe/Paris'
            as suspicion_{{ edge }}_at_utc,
        {% endfor -%}
        cast(suspected.hours_count as integer) as hours_count,
        100 * (exp(suspected.deviation_log) - 1) as load_deviation_pct,
        suspected.deviation_mw as load_deviation_mw,
        100 * (exp(suspected.other_deviation_log) - 1) as other_load_deviation_pct,
        suspected.other_deviation_mw as other_load_deviation_mw
    from suspected
    cross join simulated
    inner join regions on suspected.region_code = regions.region_code

)

select * from final
