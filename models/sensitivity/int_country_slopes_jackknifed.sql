with

slopes as (

    select * from {{ ref('int_country_slopes_summed') }}

),

regions_published as (

    select count(*) as regions_count
    from {{ ref('dim_regions') }}
    where is_load_published

),

student_t as (

    select * from {{ ref('student_t_quantiles') }}

),

spreads as (

    select
        window_code,
        country_series_code,
        specification_code,
        count(*) as quarters_count,
        {{ jackknife_se('heating_slope_mw_per_c') }} as heating_slope_mw_per_c_se,
        {{ jackknife_se('cooling_slope_mw_per_c') }} as cooling_slope_mw_per_c_se
    from slopes
    where left_out_code <> 'none'
    group by all

),

final as (

    select
        slopes.* exclude (left_out_code),
        slopes.regions_count = regions_published.regions_count as is_every_region_there,
        spreads.quarters_count,
        spreads.heating_slope_mw_per_c_se,
        spreads.cooling_slope_mw_per_c_se,
        student_t.quantile_975 * spreads.heating_slope_mw_per_c_se as heating_slope_mw_per_c_ci95_half_width,
        student_t.quantile_975 * spreads.cooling_slope_mw_per_c_se as cooling_slope_mw_per_c_ci95_half_width
    from slopes
    cross join regions_published
    inner join spreads
        on
            slopes.window_code = spreads.window_code
            and slopes.country_series_code = spreads.country_series_code
            and slopes.specification_code = spreads.specification_code
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom
    where slopes.left_out_code = 'none'

)

select * from final
