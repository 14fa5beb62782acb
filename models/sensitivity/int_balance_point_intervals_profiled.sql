with

fits as (

    select * from {{ ref('int_forms_chosen') }}
    where specification_code = 'free'

),

errors as (

    select * from {{ ref('int_fit_errors_measured') }}

),

solved as (

    select * from {{ ref('int_slopes_solved') }}
    where
        left_out_code = 'none'
        and not is_with_waves
        and (form_code = 'heating' or (heating_slope_mw_per_c > 0 and cooling_slope_mw_per_c > 0))

),

student_t as (

    select * from {{ ref('student_t_quantiles') }}

),

-- Days follow one another: n_eff of them count as independent.
freedoms as (

    select
        fits.*,
        fits.days_count * (1 - errors.residual_lag1_correlation) / (1 + errors.residual_lag1_correlation)
        - fits.cells_count
        - case when fits.form_code = 'heating' then 1 else 2 end as error_degrees_of_freedom
    from fits
    inner join errors
        on
            fits.series_code = errors.series_code
            and fits.window_code = errors.window_code
            and fits.specification_code = errors.specification_code

),

-- F with (1, m) degrees of freedom is the square of t with m; m is rounded down, the interval errs on the wide side.
limits as (

    select
        freedoms.*,
        freedoms.squared_error_sum_mw2
        * (1 + student_t.quantile_975 * student_t.quantile_975 / freedoms.error_degrees_of_freedom)
            as squared_error_limit_mw2
    from freedoms
    inner join student_t
        on cast(floor(least(freedoms.error_degrees_of_freedom, 2000)) as integer) = student_t.degrees_of_freedom

),

profiled as (

    select
        limits.window_code,
        limits.series_code,
        limits.specification_code,
        min(solved.heating_balance_point_c) as heating_balance_point_c_ci95_low,
        max(solved.heating_balance_point_c) as heating_balance_point_c_ci95_high,
        min(solved.cooling_balance_point_c) as cooling_balance_point_c_ci95_low,
        max(solved.cooling_balance_point_c) as cooling_balance_point_c_ci95_high
    from limits
    inner join solved
        on
            limits.window_code = solved.window_code
            and limits.series_code = solved.series_code
            and limits.form_code = solved.form_code
            and limits.squared_error_limit_mw2 >= solved.squared_error_sum_mw2
    group by all

)

select * from profiled
