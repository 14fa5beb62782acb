with

forecasts as (

    select * from {{ ref('int_forecasts_issued') }}
    where
        forecast_code = 'dataelec'
        and territory_level_code = 'region'
        and horizon_days <= {{ half_hourly_horizons() }}

),

shapes as (select * from {{ ref('int_forecast_shapes_expected') }}),

loads as (select * from {{ ref('fct_half_hourly_load') }}),

-- How much of what was left of the last week known, and of its last day beside it, is left the day ahead; the day
-- after, the same.
carried as materialized (

    select
        targets.region_code,
        targets.fit_month_on,
        {%- for memory in ['last_week', 'last_day'] %}
        [
            {%- for half_hour in range(1, 49) %}
            coalesce(
                sum(memories.{{ memory }}_shape_mw[{{ half_hour }}] * targets.residual_shape_mw[{{ half_hour }}])
                / nullif(sum(pow(memories.{{ memory }}_shape_mw[{{ half_hour }}], 2)), 0),
                0
            ){{ ',' if not loop.last }}
            {%- endfor %}
        ] as {{ memory }}_shares{{ ',' if not loop.last }}
        {%- endfor %}
    from shapes as targets
    inner join shapes as memories
        on
            targets.region_code = memories.region_code
            and targets.fit_month_on = memories.fit_month_on
            and targets.date_day = memories.date_day + memories.load_lag_days + 1
    where targets.residual_shape_mw is not null and targets.first_fit_month_on <= targets.fit_month_on
    group by targets.region_code, targets.fit_month_on

),

shaped as materialized (

    select
        forecasts.territory_code,
        forecasts.issued_on,
        forecasts.horizon_days,
        forecasts.date_day,
        forecasts.fit_month_on,
        forecasts.known_on,
        forecasts.energy_forecast_mwh,
        list_transform(
            list_zip(
                targets.shape_expected_mw,
                memories.last_week_shape_mw,
                carried.last_week_shares,
                memories.last_day_shape_mw,
                carried.last_day_shares
            ),
            lambda part: part[1] + coalesce(part[2] * part[3], 0) + coalesce(part[4] * part[5], 0)
        ) as shape_forecast_mw
    from forecasts
    inner join shapes as targets
        on
            forecasts.territory_code = targets.region_code
            and forecasts.fit_month_on = targets.fit_month_on
            and forecasts.date_day = targets.date_day
    inner join carried
        on
            forecasts.territory_code = carried.region_code
            and forecasts.fit_month_on = carried.fit_month_on
    left join shapes as memories
        on
            forecasts.territory_code = memories.region_code
            and forecasts.fit_month_on = memories.fit_month_on
            and forecasts.issued_on = memories.date_day + memories.load_lag_days

),

-- The half-hours that a day has: 46, 48 or 50.
instants as (

    select
        date_day,
        period_start_at_utc,
        {{ half_hour_number(paris_local_timestamp('period_start_at_utc')) }} as half_hour_number
    from (
        select
            date_day,
            unnest(
                generate_series(
                    cast(date_day as timestamp) at time zone 'Europe/Paris',
                    cast(date_day + 1 as timestamp) at time zone 'Europe/Paris' - interval '30 minutes',
                    interval '30 minutes'
                )
            ) as period_start_at_utc
        from (select distinct date_day from shaped) as target_days
    ) as unnested

),

-- Their mean is the forecast of the day.
of_regions as materialized (

    select
        'region' as territory_level_code,
        shaped.territory_code,
        shaped.issued_on,
        shaped.horizon_days,
        shaped.date_day,
        shaped.known_on,
        instants.period_start_at_utc,
        instants.half_hour_number,
        2 * shaped.energy_forecast_mwh / count(*) over of_day
        + shaped.shape_forecast_mw[instants.half_hour_number]
        - avg(shaped.shape_forecast_mw[instants.half_hour_number]) over of_day as load_forecast_mw,
        loads.load_mw
    from shaped
    inner join instants using (date_day)
    left join loads
        on
            shaped.territory_code = loads.region_code
            and instants.period_start_at_utc = loads.period_start_at_utc
    window of_day as (partition by shaped.territory_code, shaped.issued_on, shaped.horizon_days)

),

-- The country is the sum of its regions, of all or of none.
regions as (

    select count(distinct region_code) as regions_count from shapes

),

of_country as (

    select
        'country' as territory_level_code,
        'FR' as territory_code,
        of_regions.issued_on,
        of_regions.horizon_days,
        of_regions.date_day,
        max(of_regions.known_on) as known_on,
        of_regions.period_start_at_utc,
        of_regions.half_hour_number,
        sum(of_regions.load_forecast_mw) as load_forecast_mw,
        case when count(of_regions.load_mw) = count(*) then sum(of_regions.load_mw) end as load_mw
    from of_regions
    cross join regions
    group by
        of_regions.issued_on,
        of_regions.horizon_days,
        of_regions.date_day,
        of_regions.period_start_at_utc,
        of_regions.half_hour_number,
        regions.regions_count
    having count(*) = regions.regions_count

),

issued as (

    select * from of_regions
    union all
    select * from of_country

)

select
    *,
    load_mw / nullif(load_forecast_mw, 0) - 1 as relative_error
from issued
