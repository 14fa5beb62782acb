with

solved as (

    select * from {{ ref('int_fits_solved') }}
    where
        left_out_kind_code = 'none'
        and is_admissible

),

chosen as (

    select distinct
        chosen.series_code,
        chosen.window_code,
        chosen.specification_code,
        chosen.form_code
    from {{ ref('int_forms_chosen') }} as chosen

),

errors as (

    select * from {{ ref('int_fit_errors_measured') }}

),

searched as (

    select distinct
        specification_code,
        form_code,
        regressor_code
    from {{ ref('int_term_combinations_listed') }}
    where is_searched

),

student_t as (

    select * from {{ ref('student_t_quantiles') }}

),

-- Days follow one another: n_eff of them count as independent.
freedoms as (

    select distinct
        chosen.*,
        solved.squared_error_sum_mw2,
        solved.days_count * (1 - errors.residual_lag1_correlation) / (1 + errors.residual_lag1_correlation)
        - solved.parameters_count as error_degrees_of_freedom
    from chosen
    inner join solved using (series_code, window_code, specification_code, form_code)
    inner join errors using (series_code, window_code, specification_code)
    where solved.is_selected

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
        limits.series_code,
        limits.window_code,
        limits.specification_code,
        solved.regressor_code,
        min(solved.parameter) as balance_point_c_ci95_low,
        max(solved.parameter) as balance_point_c_ci95_high
    from limits
    inner join searched using (specification_code, form_code)
    inner join solved using (series_code, window_code, specification_code, form_code, regressor_code)
    where limits.squared_error_limit_mw2 >= solved.squared_error_sum_mw2
    group by limits.series_code, limits.window_code, limits.specification_code, solved.regressor_code

)

select * from profiled
