with

fits as (

    select * from {{ ref('int_fits_selected') }}

),

student_t as (

    select * from {{ ref('student_t_quantiles') }}

),

whole as (

    select * from fits
    where left_out_code = 'none'

),

spreads as (

    select
        window_code,
        series_code,
        specification_code,
        form_code,
        count(*) as quarters_count,
        {{ jackknife_se('heating_slope_mw_per_c') }} as heating_slope_mw_per_c_se,
        {{ jackknife_se('cooling_slope_mw_per_c') }} as cooling_slope_mw_per_c_se
    from fits
    where left_out_code not in ('none', 'hold_out')
    group by all

),

jackknifed as (

    select
        whole.* exclude (left_out_code),
        spreads.quarters_count,
        spreads.heating_slope_mw_per_c_se,
        spreads.cooling_slope_mw_per_c_se,
        -- One quarter leaves no spread to judge by: no interval.
        student_t.quantile_975 * spreads.heating_slope_mw_per_c_se as heating_slope_mw_per_c_ci95_half_width,
        student_t.quantile_975 * spreads.cooling_slope_mw_per_c_se as cooling_slope_mw_per_c_ci95_half_width
    from whole
    inner join spreads
        on
            whole.window_code = spreads.window_code
            and whole.series_code = spreads.series_code
            and whole.specification_code = spreads.specification_code
            and whole.form_code = spreads.form_code
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom

)

select * from jackknifed
