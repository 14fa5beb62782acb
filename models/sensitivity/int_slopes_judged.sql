with

leave_outs as (select * from {{ ref('int_slope_leave_outs_united') }}),

chosen as (select * from {{ ref('int_forms_chosen') }}),

regressors as (select * from {{ ref('regressors') }}),

student_t as (select * from {{ ref('student_t_quantiles') }}),

spreads as (

    select
        series_code,
        window_code,
        specification_code,
        regressor_code,
        count(*) as quarters_count,
        {{ jackknife_se('coefficient') }} as coefficient_se
    from leave_outs
    where left_out_code <> 'none'
    group by series_code, window_code, specification_code, regressor_code

),

described as (

    select
        whole.series_code,
        whole.window_code,
        whole.specification_code,
        whole.regressor_code,
        whole.load_mean_mw,
        whole.term_code,
        whole.parameter,
        whole.is_grid_edge,
        whole.coefficient,
        spreads.quarters_count,
        spreads.coefficient_se,
        -- One quarter leaves no spread to judge by: no interval.
        student_t.quantile_975 * spreads.coefficient_se as ci95_half_width,
        -- Sums of slopes have no term of their own: days of it cannot be asked for.
        chosen.regressor_days_count as days_count,
        regressors.fewest_days_count
    from leave_outs as whole
    inner join spreads using (series_code, window_code, specification_code, regressor_code)
    inner join regressors using (regressor_code)
    left join chosen using (series_code, window_code, specification_code, regressor_code)
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom
    where whole.left_out_code = 'none'

),

judged as (

    select
        *,
        {{ refusal_reasons() }} as refusal_codes,
        {{ doubt_reasons() }} as doubt_codes
    from described

),

-- A dropped term has no slope, least of all zero.
final as (

    select * from judged
    union all by name
    select
        chosen.series_code,
        chosen.window_code,
        chosen.specification_code,
        chosen.regressor_code,
        false as is_grid_edge,
        chosen.regressor_days_count as days_count,
        regressors.fewest_days_count,
        chosen.dropped_refusal_codes as refusal_codes,
        '' as doubt_codes
    from chosen
    inner join regressors using (regressor_code)
    where chosen.is_dropped

)

select * from final
