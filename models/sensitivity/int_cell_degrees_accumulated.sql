with

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

balance_points as (

    select * from {{ ref('int_balance_points_listed') }}

),

series as (

    select * from {{ ref('int_load_series_listed') }}

),

-- Every balance point is tried on the mean of the day; hours and other temperatures are fitted at the common ones.
balance_points_tried as (

    select
        series.series_code,
        balance_points.side_code,
        balance_points.balance_point_c
    from series
    cross join balance_points
    where
        series.variant_code = 'daily'
        or (
            balance_points.side_code = 'heating'
            and balance_points.balance_point_c = {{ var('common_heating_balance_point_c') }}
        )
        or (
            balance_points.side_code = 'cooling'
            and balance_points.balance_point_c = {{ var('common_cooling_balance_point_c') }}
        )

),

-- A day on the other side of a balance point has no degrees and adds nothing.
heating_degrees as (

    select
        days.*,
        balance_points_tried.side_code,
        balance_points_tried.balance_point_c,
        {{ heating_degrees('days.temperature_c', 'balance_points_tried.balance_point_c') }} as degrees_c
    from days
    inner join balance_points_tried
        on
            days.series_code = balance_points_tried.series_code
            and days.temperature_c < balance_points_tried.balance_point_c
    where balance_points_tried.side_code = 'heating'

),

cooling_degrees as (

    select
        days.*,
        balance_points_tried.side_code,
        balance_points_tried.balance_point_c,
        {{ cooling_degrees('days.temperature_c', 'balance_points_tried.balance_point_c') }} as degrees_c
    from days
    inner join balance_points_tried
        on
            days.series_code = balance_points_tried.series_code
            and days.temperature_c > balance_points_tried.balance_point_c
    where balance_points_tried.side_code = 'cooling'

),

degrees as (

    select * from heating_degrees
    union all
    select * from cooling_degrees

),

accumulated as (

    select
        series_code,
        calendar_cell_code,
        calendar_quarter_code,
        side_code,
        balance_point_c,
        count(*) as degree_days_count,
        sum(degrees_c) as degrees_sum_c,
        sum(degrees_c * degrees_c) as degrees_square_sum_c2,
        sum(degrees_c * load_mean_mw) as degrees_load_sum_mw_c
    from degrees
    group by all

)

select * from accumulated
