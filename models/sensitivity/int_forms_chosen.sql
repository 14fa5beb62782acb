with

coefficients as (

    select * from {{ ref('int_fits_solved') }}
    where is_selected

),

regressors as (select * from {{ ref('regressors') }}),

series as (select * from {{ ref('int_load_series_listed') }}),

student_t as (select * from {{ ref('student_t_quantiles') }}),

spreads as (

    select
        series_code,
        window_code,
        specification_code,
        form_code,
        regressor_code,
        count(*) as quarters_count,
        {{ jackknife_se('coefficient') }} as coefficient_se
    from coefficients
    where
        left_out_kind_code = 'quarter'
        and slot_number is not null
    group by series_code, window_code, specification_code, form_code, regressor_code

),

described as (

    select
        coefficients.series_code,
        coefficients.window_code,
        coefficients.specification_code,
        coefficients.form_code,
        coefficients.is_fallback,
        coefficients.regressor_code,
        coefficients.coefficient,
        coefficients.regressor_days_count as days_count,
        regressors.fewest_days_count,
        coalesce(regressors.is_dropped_unless_significant, false) as is_dropped_unless_significant,
        spreads.quarters_count,
        student_t.quantile_975 * spreads.coefficient_se as ci95_half_width
    from coefficients
    left join regressors using (regressor_code)
    left join spreads using (series_code, window_code, specification_code, form_code, regressor_code)
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom
    where coefficients.left_out_kind_code = 'none'

),

judged as (

    select
        *,
        {{ refusal_reasons() }} as refusal_codes,
        bool_or(form_code = 'reduced') over (partition by specification_code) as is_reducible
    from described

),

-- A regressor that may be dropped stays wherever it is told apart from zero, however roughly: the others would bend
-- without it. It is dropped where it is not, and the others are judged alone. Where none may be, there is one form.
decided as (

    select
        reduced.series_code,
        reduced.window_code,
        reduced.specification_code,
        reduced.regressor_code,
        reduced.is_dropped_unless_significant,
        reduced.days_count as reduced_days_count,
        full_form.days_count as full_days_count,
        case
            when not reduced.is_dropped_unless_significant then ''
            else coalesce(
                full_form.refusal_codes,
                reduced.regressor_code || case
                    when reduced.days_count < reduced.fewest_days_count then '_too_few_days'
                    else '_slope_not_positive'
                end
            )
        end as refusal_codes
    from judged as reduced
    left join judged as full_form
        on
            reduced.series_code = full_form.series_code
            and reduced.window_code = full_form.window_code
            and reduced.specification_code = full_form.specification_code
            and reduced.regressor_code = full_form.regressor_code
            and full_form.form_code = 'full'
            and not full_form.is_fallback
    where reduced.form_code = 'reduced' or not reduced.is_reducible

),

-- An hour takes the form of its day, so that the hours of a day are parts of one model and their mean is the day's.
form_givers as (

    select
        series.series_code,
        form_series.series_code as form_series_code
    from series
    inner join series as form_series
        on
            series.territory_level_code = form_series.territory_level_code
            and series.territory_code = form_series.territory_code
            and series.client_type_code = form_series.client_type_code
            and form_series.variant_code
            = case when series.hour_of_day is null then series.variant_code else 'daily' end

),

-- A fit needs quarters to leave out; one that has none has no error, and is no answer.
fitted as (

    select distinct
        series_code,
        window_code,
        specification_code,
        form_code
    from spreads

),

formed as (

    select
        form_givers.series_code,
        decided.window_code,
        decided.specification_code,
        decided.regressor_code,
        case when max(decided.refusal_codes) over fit = '' then 'full' else 'reduced' end as form_code,
        decided.is_dropped_unless_significant and max(decided.refusal_codes) over fit <> '' as is_dropped,
        decided.is_dropped_unless_significant,
        own.reduced_days_count,
        own.full_days_count,
        decided.refusal_codes
    from form_givers
    inner join decided on form_givers.form_series_code = decided.series_code
    inner join decided as own
        on
            form_givers.series_code = own.series_code
            and decided.window_code = own.window_code
            and decided.specification_code = own.specification_code
            and decided.regressor_code = own.regressor_code
    window fit as (
        partition by form_givers.series_code, decided.window_code, decided.specification_code
    )

),

final as (

    select
        cast(
            dense_rank() over (order by formed.series_code, formed.window_code, formed.specification_code) as integer
        ) as fit_number,
        formed.series_code,
        formed.window_code,
        formed.specification_code,
        formed.regressor_code,
        formed.form_code,
        formed.is_dropped,
        case
            when formed.form_code = 'reduced' and not formed.is_dropped_unless_significant
                then formed.reduced_days_count
            else coalesce(formed.full_days_count, formed.reduced_days_count)
        end as regressor_days_count,
        case when formed.is_dropped then formed.refusal_codes else '' end as dropped_refusal_codes
    from formed
    inner join fitted using (series_code, window_code, specification_code, form_code)

)

select * from final
