with

residuals as (

    select * from {{ ref('int_fit_residuals_computed') }}
    where not is_held_out

),

series as (select * from {{ ref('int_load_series_listed') }}),

sums as (select * from {{ ref('int_series_sums_listed') }}),

dates as (select * from {{ ref('dim_dates') }}),

slopes as (

    select
        chosen.fit_number,
        chosen.series_code,
        chosen.window_code,
        chosen.specification_code,
        chosen.regressor_code,
        solved.slot_number - solved.slots_count + solved.slopes_count as slope_number,
        solved.squared_error_sum_mw2,
        solved.days_count,
        nullif(cast(solved.days_count - solved.parameters_count as double), 0) as error_degrees_of_freedom
    from {{ ref('int_forms_chosen') }} as chosen
    inner join {{ ref('int_fits_solved') }} as solved
        using (series_code, window_code, specification_code, form_code, regressor_code)
    inner join series using (series_code)
    where
        solved.is_selected
        and solved.left_out_kind_code = 'none'
        and solved.slot_number > solved.slots_count - solved.slopes_count
        and series.is_daily

),

-- How much each day moves each slope: the rows of (X'X)^-1 X'e. Their sums carry over to sums of territories.
influences as (

    {% for direction in directions() -%}
    select
        fit_number,
        {{ loop.index }} as slope_number,
        date_day,
        {{ direction }} as direction,
        {{ direction }} * residual_mw as influence
    from residuals
    where {{ direction }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- The textbook error, as if days were independent: stated to show how much too small it is. Squares of directions add
-- up to the diagonal of (X'X)^-1.
ordinary as (

    select
        slopes.series_code,
        slopes.window_code,
        slopes.specification_code,
        slopes.regressor_code,
        sqrt(
            slopes.squared_error_sum_mw2
            / slopes.error_degrees_of_freedom
            * sum(influences.direction * influences.direction)
        ) as coefficient_ols_se
    from slopes
    inner join influences using (fit_number, slope_number)
    group by
        slopes.series_code,
        slopes.window_code,
        slopes.specification_code,
        slopes.regressor_code,
        slopes.squared_error_sum_mw2,
        slopes.error_degrees_of_freedom

),

-- A slope of a region is its own sum; one of France has an error where every region has the slope.
territory_slopes as (

    select
        *,
        1 as fits_count
    from slopes
    union all by name
    select
        slopes.* replace (sums.sum_series_code as series_code),
        sums.regions_count as fits_count
    from slopes
    inner join sums using (series_code)

),

numbered_slopes as (

    select
        *,
        cast(dense_rank() over (order by series_code, window_code, specification_code, regressor_code) as integer)
            as territory_slope_number
    from territory_slopes
    qualify
        count(*) over (partition by series_code, window_code, specification_code, regressor_code) = fits_count

),

territory_influences as (

    select
        numbered_slopes.territory_slope_number,
        influences.date_day,
        sum(
            influences.influence * sqrt(numbered_slopes.days_count / numbered_slopes.error_degrees_of_freedom)
        ) as influence
    from influences
    inner join numbered_slopes using (fit_number, slope_number)
    group by numbered_slopes.territory_slope_number, influences.date_day

),

spans as (

    select
        territory_slope_number,
        min(date_day) as first_day,
        max(date_day) as last_day
    from territory_influences
    group by territory_slope_number

),

-- Newey and West's weights 1 - lag / 15 are what remains when every stretch of 15 consecutive days is summed, squared
-- and averaged: no product by lag is needed. Days that are missing count as zero; 14 more after the end close the last
-- stretches.
calendar as (

    select
        spans.territory_slope_number,
        dates.date_day,
        coalesce(territory_influences.influence, 0) as influence
    from spans
    inner join dates on dates.date_day between spans.first_day and spans.last_day + 14
    left join territory_influences
        on
            spans.territory_slope_number = territory_influences.territory_slope_number
            and dates.date_day = territory_influences.date_day

),

stretches as (

    select
        territory_slope_number,
        sum(influence) over (
            partition by territory_slope_number
            order by date_day
            rows between 14 preceding and current row
        ) as influence
    from calendar

),

newey_west as (

    select
        territory_slope_number,
        sqrt(sum(influence * influence) / 15) as coefficient_hac_se
    from stretches
    group by territory_slope_number

),

compared as (

    select distinct
        numbered_slopes.series_code,
        numbered_slopes.window_code,
        numbered_slopes.specification_code,
        numbered_slopes.regressor_code,
        newey_west.coefficient_hac_se,
        ordinary.coefficient_ols_se
    from numbered_slopes
    inner join newey_west using (territory_slope_number)
    left join ordinary using (series_code, window_code, specification_code, regressor_code)

)

select * from compared
