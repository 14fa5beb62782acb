{%- set terms = fit_terms() -%}
with

coefficients as (

    select * from {{ ref('int_fits_solved') }}
    where
        window_code = 'all'
        and specification_code = 'predictive'
        and left_out_kind_code = 'none'
        and is_selected
        -- A term that the fit leaves out is no term.
        and coefficient <> 0

),

chosen as (select * from {{ ref('int_forms_chosen') }}),

terms as (

    select
        left_term_code as term_code,
        term_kind_code,
        quantity_code
    from {{ ref('int_term_pairs_listed') }}
    where is_square

),

driver_quantities as (select * from {{ ref('driver_quantities') }}),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where is_daily

),

fitted_days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

dates as (select * from {{ ref('dim_dates') }}),

regions_published as (

    select count(*) as regions_count
    from {{ ref('dim_regions') }}
    where is_load_published

),

driver_terms as (

    select
        coefficients.series_code,
        driver_quantities.driver_code,
        terms.term_kind_code,
        coefficients.parameter,
        coefficients.coefficient
    from coefficients
    inner join chosen using (series_code, window_code, specification_code, form_code, regressor_code)
    inner join terms using (term_code)
    inner join driver_quantities using (quantity_code)

),

-- A driver without a term in the fit has no part, least of all zero.
explained as (

    select
        fitted_days.series_code,
        fitted_days.date_day,
        {% for driver in ['temperature', 'wind', 'light'] -%}
        sum(
            case
                when driver_terms.driver_code = '{{ driver }}'
                    then
                        driver_terms.coefficient
                        * {{ term_value_of_row(
                            terms, 'driver_terms.term_kind_code', 'driver_terms.parameter', 'fitted_days'
                        ) }}
            end
        ) as {{ driver }}_part_mw{{ ',' if not loop.last }}
        {% endfor %}
    from fitted_days
    inner join driver_terms using (series_code)
    group by fitted_days.series_code, fitted_days.date_day

),

levels as (

    select
        explained.*,
        fitted_days.season_regime_code,
        fitted_days.day_class_code,
        case dates.iso_weekday
            when 1 then 'monday' when 5 then 'friday' when 6 then 'saturday' when 7 then 'sunday' else 'midweek'
        end as weekday_code,
        fitted_days.load_mean_mw,
        fitted_days.load_mean_mw
        - explained.temperature_part_mw
        - coalesce(explained.wind_part_mw, 0)
        - coalesce(explained.light_part_mw, 0) as level_mw
    from explained
    inner join fitted_days using (series_code, date_day)
    inner join dates using (date_day)

),

cell_levels as (

    select
        series_code,
        season_regime_code,
        day_class_code,
        avg(level_mw) as level_mw
    from levels
    group by series_code, season_regime_code, day_class_code

),

-- A regime that lacks a plain day of the week is compared with its own days.
compared as (

    select
        levels.*,
        own.level_mw as own_level_mw,
        coalesce(weekday_cells.level_mw, own.level_mw) as weekday_level_mw,
        coalesce(midweek.level_mw, weekday_cells.level_mw, own.level_mw) as midweek_level_mw
    from levels
    inner join cell_levels as own using (series_code, season_regime_code, day_class_code)
    left join cell_levels as weekday_cells
        on
            levels.series_code = weekday_cells.series_code
            and levels.season_regime_code = weekday_cells.season_regime_code
            and levels.weekday_code = weekday_cells.day_class_code
    left join cell_levels as midweek
        on
            levels.series_code = midweek.series_code
            and levels.season_regime_code = midweek.season_regime_code
            and midweek.day_class_code = 'midweek'

),

-- A lockdown is no kind of day but a time.
regional as (

    select
        series_code,
        date_day,
        load_mean_mw,
        temperature_part_mw,
        wind_part_mw,
        light_part_mw,
        weekday_level_mw - midweek_level_mw as day_class_part_mw,
        case when day_class_code = 'lockdown' then 0 else own_level_mw - weekday_level_mw end as holidays_part_mw,
        midweek_level_mw
        - avg(midweek_level_mw) over (partition by series_code)
        + case when day_class_code = 'lockdown' then own_level_mw - weekday_level_mw else 0 end as regime_part_mw
    from compared

),

country as (

    select
        series.country_series_code as series_code,
        regional.date_day,
        sum(regional.load_mean_mw) as load_mean_mw,
        {% for driver in ['temperature', 'wind', 'light', 'day_class', 'holidays', 'regime'] -%}
        -- What one region lacks the sum lacks.
        case when count(*) = count(regional.{{ driver }}_part_mw) then sum(regional.{{ driver }}_part_mw) end
            as {{ driver }}_part_mw{{ ',' if not loop.last }}
        {% endfor %}
    from regional
    inner join series using (series_code)
    cross join regions_published
    group by series.country_series_code, regional.date_day
    having count(*) = max(regions_published.regions_count)

),

united as (

    select * from regional
    union all by name
    select * from country

),

separated as (

    select
        *,
        load_mean_mw
        {%- for driver in ['temperature', 'wind', 'light', 'day_class', 'holidays', 'regime'] %}
        - coalesce({{ driver }}_part_mw, 0)
        {%- endfor %} as rest_part_mw
    from united

)

select * from separated
