with

fits as (

    select * from {{ ref('int_forms_chosen') }}

),

country_fits as (

    select * from {{ ref('int_country_slopes_jackknifed') }}
    where is_every_region_there

),

-- Sums of slopes have no balance point of their own: neither its edge nor days beyond it can be asked for.
country as (

    select
        country_series_code as series_code,
        * exclude (country_series_code, is_every_region_there, regions_count),
        cast(null as bigint) as heating_days_count,
        cast(null as bigint) as cooling_days_count,
        false as is_heating_on_edge,
        false as is_cooling_on_edge
    from country_fits

),

united as (

    select
        window_code,
        series_code,
        specification_code,
        load_sum_mw / days_count as load_mean_mw,
        quarters_count,
        heating_slope_mw_per_c,
        heating_slope_mw_per_c_se,
        heating_slope_mw_per_c_ci95_half_width,
        heating_balance_point_c,
        heating_days_count,
        heating_refusal_codes,
        heating_doubt_codes,
        -- A dropped term has no slope, least of all zero.
        {% for measure in ['', '_se', '_ci95_half_width'] -%}
        case when form_code = 'heating_and_cooling' then cooling_slope_mw_per_c{{ measure }} end
            as cooling_slope_mw_per_c{{ measure }},
        {% endfor -%}
        cooling_balance_point_c,
        cooling_days_count,
        cooling_refusal_codes,
        cooling_doubt_codes,
        100 * sqrt(squared_error_sum_mw2 / days_count) / (load_sum_mw / days_count) as cv_rmse_pct
    from fits
    union all by name
    select
        * exclude (is_heating_on_edge, is_cooling_on_edge),
        {{ refusal_reasons('heating') }} as heating_refusal_codes,
        {{ doubt_reasons('heating') }} as heating_doubt_codes,
        {{ refusal_reasons('cooling') }} as cooling_refusal_codes,
        {{ doubt_reasons('cooling') }} as cooling_doubt_codes
    from country

)

select * from united
