with

solved as (

    select * from {{ ref('int_fits_solved') }}
    where
        left_out_kind_code = 'none'
        and is_admissible

),

chosen as (

    select distinct
        fit_number,
        series_code,
        window_code,
        specification_code,
        form_code
    from {{ ref('int_forms_chosen') }}

),

residuals as (

    select * from {{ ref('int_fit_residuals_computed') }}
    where not is_held_out

),

searched as (

    select distinct
        specification_code,
        form_code,
        regressor_code
    from {{ ref('int_term_combinations_listed') }}
    where is_searched

),

student_t as (select * from {{ ref('student_t_quantiles') }}),

correlations as (

    select
        fit_number,
        sum(residual_mw * previous_residual_mw) / sum(residual_mw * residual_mw) as residual_lag1_correlation
    from (
        select
            fit_number,
            residual_mw,
            case
                when datediff('day', lag(date_day) over by_day, date_day) = 1 then lag(residual_mw) over by_day
            end as previous_residual_mw
        from residuals
        window by_day as (partition by fit_number order by date_day)
    ) as lagged
    group by fit_number

),

-- Days follow one another: n_eff of them count as independent.
freedoms as (

    select distinct
        chosen.*,
        solved.squared_error_sum_mw2,
        solved.days_count
        * (1 - correlations.residual_lag1_correlation)
        / (1 + correlations.residual_lag1_correlation)
        - solved.parameters_count as error_degrees_of_freedom
    from chosen
    inner join solved using (series_code, window_code, specification_code, form_code)
    inner join searched using (specification_code, form_code)
    inner join correlations using (fit_number)
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
