with

fits as (

    select * from {{ ref('int_fits_selected') }}
    where left_out_code <> 'hold_out'

),

chosen as (

    select * from {{ ref('int_forms_chosen') }}

),

country as (

    select * from {{ ref('int_country_slopes_summed') }}

),

regions_published as (

    select count(*) as regions_count
    from {{ ref('dim_regions') }}
    where is_load_published

),

united as (

    select
        fits.series_code,
        fits.window_code,
        fits.specification_code,
        fits.left_out_code,
        fits.load_sum_mw / fits.days_count as load_mean_mw,
        fits.heating_slope_mw_per_c,
        case when fits.form_code = 'heating_and_cooling' then fits.cooling_slope_mw_per_c end as cooling_slope_mw_per_c
    from chosen
    inner join fits
        on
            chosen.window_code = fits.window_code
            and chosen.series_code = fits.series_code
            and chosen.specification_code = fits.specification_code
            and chosen.form_code = fits.form_code
    union all
    select
        country.country_series_code as series_code,
        country.window_code,
        country.specification_code,
        country.left_out_code,
        country.load_mean_mw,
        country.heating_slope_mw_per_c,
        country.cooling_slope_mw_per_c
    from country
    cross join regions_published
    where country.regions_count = regions_published.regions_count

)

select * from united
