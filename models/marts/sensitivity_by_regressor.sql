with

answers as (select * from {{ ref('int_answers_asked') }}),

combinations as (select * from {{ ref('int_term_combinations_listed') }}),

terms as (select * from {{ ref('terms') }}),

slopes as (select * from {{ ref('int_slopes_judged') }}),

slope_errors as (select * from {{ ref('int_slope_errors_compared') }}),

loads as (

    select bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}

),

-- Every slope that some specification publishes, whatever it is a slope of.
asked as (

    select distinct
        specification_code,
        regressor_code
    from combinations
    where
        form_code = 'full'
        and is_slope

),

joined as (

    select
        answers.territory_level_code,
        answers.territory_code,
        answers.territory_label_fr,
        answers.client_type_code,
        answers.window_code,
        answers.absence_reason_code,
        asked.specification_code,
        asked.regressor_code,
        slopes.term_code,
        terms.quantity_code,
        slopes.coefficient as slope_mw_per_unit,
        slopes.coefficient_se as slope_mw_per_unit_se,
        slopes.ci95_half_width,
        slope_errors.coefficient_hac_se as slope_mw_per_unit_hac_se,
        slope_errors.coefficient_ols_se as slope_mw_per_unit_ols_se,
        slopes.quarters_count,
        slopes.days_count,
        slopes.refusal_codes,
        slopes.doubt_codes
    from answers
    cross join asked
    left join slopes using (series_code, window_code, specification_code, regressor_code)
    left join slope_errors using (series_code, window_code, specification_code, regressor_code)
    left join terms using (term_code)

),

final as (

    select
        joined.territory_level_code,
        joined.territory_code,
        joined.territory_label_fr,
        joined.client_type_code,
        joined.window_code,
        joined.specification_code,
        joined.regressor_code,
        joined.term_code,
        joined.quantity_code,
        coalesce(loads.is_simulated, false) as is_simulated,
        joined.slope_mw_per_unit,
        joined.slope_mw_per_unit_se,
        joined.slope_mw_per_unit - joined.ci95_half_width as slope_mw_per_unit_ci95_low,
        joined.slope_mw_per_unit + joined.ci95_half_width as slope_mw_per_unit_ci95_high,
        joined.slope_mw_per_unit_hac_se,
        joined.slope_mw_per_unit_ols_se,
        cast(joined.quarters_count as integer) as quarters_count,
        cast(joined.days_count as integer) as regressor_days_count,
        concat_ws(
            ',',
            joined.absence_reason_code,
            case when joined.absence_reason_code is null and joined.refusal_codes is null then 'too_few_data' end,
            nullif(joined.refusal_codes, ''),
            nullif(joined.doubt_codes, '')
        ) as fit_reason_codes
    from joined
    cross join loads

)

select * from final
