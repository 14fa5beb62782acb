with

residuals as (

    select * from {{ ref('int_fit_residuals_computed') }}

),

fits as (

    select * from {{ ref('int_forms_chosen') }}

),

series as (

    select * from {{ ref('int_load_series_listed') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

territory_influences as (

    select
        series_code,
        window_code,
        specification_code,
        date_day,
        heating_influence_mw_per_c,
        cooling_influence_mw_per_c
    from residuals
    union all by name
    select
        series.country_series_code as series_code,
        residuals.window_code,
        residuals.specification_code,
        residuals.date_day,
        sum(residuals.heating_influence_mw_per_c) as heating_influence_mw_per_c,
        -- Not where a region left its cooling term out.
        case
            when count(*) = count(residuals.cooling_influence_mw_per_c) then sum(residuals.cooling_influence_mw_per_c)
        end as cooling_influence_mw_per_c
    from residuals
    inner join series on residuals.series_code = series.series_code
    group by all

),

territory_spans as (

    select
        series_code,
        window_code,
        specification_code,
        min(date_day) as first_day,
        max(date_day) as last_day,
        count(*) = count(cooling_influence_mw_per_c) as is_cooling_fitted
    from territory_influences
    group by all

),

-- Newey and West's weights 1 - lag / 15 are what remains when every stretch of 15 consecutive days is summed, squared
-- and averaged: no product by lag is needed. Days that are missing count as zero; 14 more after the end close the last
-- stretches.
calendar as (

    select
        territory_spans.series_code,
        territory_spans.window_code,
        territory_spans.specification_code,
        territory_spans.is_cooling_fitted,
        dates.date_day,
        coalesce(territory_influences.heating_influence_mw_per_c, 0) as heating_influence_mw_per_c,
        coalesce(territory_influences.cooling_influence_mw_per_c, 0) as cooling_influence_mw_per_c
    from territory_spans
    inner join dates on dates.date_day between territory_spans.first_day and territory_spans.last_day + 14
    left join territory_influences
        on
            territory_spans.series_code = territory_influences.series_code
            and territory_spans.window_code = territory_influences.window_code
            and territory_spans.specification_code = territory_influences.specification_code
            and dates.date_day = territory_influences.date_day

),

stretches as (

    select
        series_code,
        window_code,
        specification_code,
        is_cooling_fitted,
        sum(heating_influence_mw_per_c) over fortnight as heating_influence_mw_per_c,
        sum(cooling_influence_mw_per_c) over fortnight as cooling_influence_mw_per_c
    from calendar
    window fortnight as (
        partition by series_code, window_code, specification_code
        order by date_day
        rows between 14 preceding and current row
    )

),

newey_west as (

    select
        series_code,
        window_code,
        specification_code,
        sqrt(sum(heating_influence_mw_per_c * heating_influence_mw_per_c) / 15) as heating_slope_mw_per_c_hac_se,
        case
            when is_cooling_fitted then sqrt(sum(cooling_influence_mw_per_c * cooling_influence_mw_per_c) / 15)
        end as cooling_slope_mw_per_c_hac_se
    from stretches
    group by window_code, series_code, specification_code, is_cooling_fitted

),

-- The textbook error, as if days were independent: stated to show how much too small it is.
ordinary as (

    select
        series_code,
        window_code,
        specification_code,
        sqrt(
            squared_error_sum_mw2
            / nullif(days_count - cells_count - case when form_code = 'heating' then 1 else 2 end, 0)
            * case when form_code = 'heating' then 1 / hh_c2 else cc_c2 / (hh_c2 * cc_c2 - hc_c2 * hc_c2) end
        ) as heating_slope_mw_per_c_ols_se,
        sqrt(
            squared_error_sum_mw2
            / nullif(days_count - cells_count - 2, 0)
            * case when form_code = 'heating' then null else hh_c2 / (hh_c2 * cc_c2 - hc_c2 * hc_c2) end
        ) as cooling_slope_mw_per_c_ols_se
    from fits

),

compared as (

    select
        newey_west.*,
        ordinary.heating_slope_mw_per_c_ols_se,
        ordinary.cooling_slope_mw_per_c_ols_se
    from newey_west
    left join ordinary
        on
            newey_west.series_code = ordinary.series_code
            and newey_west.window_code = ordinary.window_code
            and newey_west.specification_code = ordinary.specification_code

)

select * from compared
