with

answers as (select * from {{ ref('int_answers_asked') }}),

slopes as (select * from {{ ref('int_slopes_judged') }}),

fit_errors as (select * from {{ ref('int_fit_errors_measured') }}),

slope_errors as (select * from {{ ref('int_slope_errors_compared') }}),

balance_point_intervals as (select * from {{ ref('int_balance_point_intervals_profiled') }}),

loads as (

    select bool_or(is_simulated) as is_simulated
    from (
        select is_simulated from {{ ref('fct_half_hourly_load') }}
        union all
        select is_simulated from {{ ref('fct_half_hourly_client_load') }}
    ) as half_hours

),

bases as (select * from {{ ref('int_territory_bases_counted') }}),

-- Some models tell one slope for each side, others how the slope differs by temperature.
specifications as (

    select
        specifications.specification_code,
        count(regressors.regressor_code) > 0 as has_slopes
    from {{ ref('specifications') }} as specifications
    left join {{ ref('specification_terms') }} using (specification_code)
    left join {{ ref('regressors') }} as regressors using (regressor_code)
    group by specifications.specification_code

),

terms_left_out as (select * from {{ ref('int_terms_left_out_listed') }}),

-- A row for every question, so that a refused fit is a row with its reasons and not a silence.
asked as (

    select
        answers.*,
        specifications.specification_code,
        specifications.has_slopes
    from answers
    cross join specifications

),

-- Heating and cooling side by side.
fits as (

    select
        slopes.series_code,
        slopes.window_code,
        slopes.specification_code,
        max(slopes.load_mean_mw) as load_mean_mw,
        max(slopes.quarters_count) as quarters_count,
        {{ both_sides({
            'slope_mw_per_c': 'slopes.coefficient',
            'slope_mw_per_c_se': 'slopes.coefficient_se',
            'slope_mw_per_c_ci95_half_width': 'slopes.ci95_half_width',
            'slope_mw_per_c_hac_se': 'slope_errors.coefficient_hac_se',
            'slope_mw_per_c_ols_se': 'slope_errors.coefficient_ols_se',
            'balance_point_c': 'slopes.parameter',
            'balance_point_c_ci95_low': 'balance_point_intervals.balance_point_c_ci95_low',
            'balance_point_c_ci95_high': 'balance_point_intervals.balance_point_c_ci95_high',
            'days_count': 'slopes.days_count',
            'refusal_codes': 'slopes.refusal_codes',
            'doubt_codes': 'slopes.doubt_codes',
        }) }}
    from slopes
    left join slope_errors using (series_code, window_code, specification_code, regressor_code)
    left join balance_point_intervals using (series_code, window_code, specification_code, regressor_code)
    group by slopes.series_code, slopes.window_code, slopes.specification_code

),

joined as (

    select
        asked.*,
        loads.is_simulated,
        asked.client_type_code like 'enedis_%' as is_load_partly_modelled,
        bases.population_count,
        -- What firms draw has nothing to do with dwellings.
        case
            when asked.client_type_code in ('all', 'enedis_residential')
                then bases.electrically_heated_main_dwellings_count
        end as electrically_heated_main_dwellings_count,
        concat_ws(
            ',',
            case when bases.population_count is null then 'population_not_held' end,
            case
                when asked.client_type_code not in ('all', 'enedis_residential') then 'not_about_dwellings'
                when bases.electrically_heated_main_dwellings_count is null then 'dwellings_not_held'
            end
        ) as base_reason_codes,
        coalesce(asked.days_used_count, fit_errors.days_fitted_count) as days_used_or_fitted_count,
        fits.* exclude (series_code, window_code, specification_code),
        fit_errors.* exclude (series_code, window_code, specification_code, load_mean_mw),
        terms_left_out.left_out_term_codes
    from asked
    cross join loads
    left join bases using (territory_level_code, territory_code)
    left join fits using (series_code, window_code, specification_code)
    left join fit_errors using (series_code, window_code, specification_code)
    left join terms_left_out using (series_code, window_code, specification_code)

),

judged as (

    select
        *,
        days_used_or_fitted_count / nullif(days_expected_count, 0) as coverage_share,
        concat_ws(
            ',',
            case when not has_slopes and days_fitted_count is not null then 'slope_by_temperature' end,
            nullif(
                {{ series_refusal_reasons(
                    'case when has_slopes then heating_slope_mw_per_c else days_fitted_count end',
                    'days_used_or_fitted_count',
                    'days_expected_count',
                ) }},
                ''
            )
        ) as series_refusal_codes,
        {{ series_doubt_reasons('cv_rmse_pct', 'hold_out_cv_rmse_pct') }} as series_doubt_codes
    from joined

),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        client_type_code,
        window_code,
        specification_code,
        coalesce(is_simulated, false) as is_simulated,
        is_load_partly_modelled,

        window_start_on,
        window_end_on,
        cast(days_expected_count as integer) as days_expected_count,
        cast(days_used_or_fitted_count as integer) as days_used_count,
        cast(days_temperature_from_stations_count as integer) as days_temperature_from_stations_count,
        {% for reason in day_exclusion_codes() -%}
        cast(days_{{ reason }}_count as integer) as days_{{ reason }}_count,
        {% endfor -%}
        coverage_share,
        cast(quarters_count as integer) as quarters_count,
        load_mean_mw,

        {% for side in ['heating', 'cooling'] -%}
        {%- set slope = side ~ '_slope_mw_per_c' -%}
        {%- set balance_point = side ~ '_balance_point_c' -%}
        {{ slope }},
        {{ slope }}_se,
        {{ slope }} - {{ slope }}_ci95_half_width as {{ slope }}_ci95_low,
        {{ slope }} + {{ slope }}_ci95_half_width as {{ slope }}_ci95_high,
        {{ slope }}_hac_se,
        {{ slope }}_ols_se,
        100 * {{ slope }} / load_mean_mw as {{ side }}_slope_pct_of_mean_load_per_c,
        1e6 * {{ slope }} / nullif(population_count, 0) as {{ side }}_slope_w_per_c_per_inhabitant,
        {% if side == 'heating' -%}
        1e6 * {{ slope }} / nullif(electrically_heated_main_dwellings_count, 0)
            as heating_slope_w_per_c_per_electric_dwelling,
        {% endif -%}
        {{ balance_point }},
        {{ balance_point }}_ci95_low,
        {{ balance_point }}_ci95_high,
        cast({{ side }}_days_count as integer) as {{ side }}_days_count,
        {{ fit_status(side) }} as {{ side }}_fit_status,
        {% endfor %}
        within_r2_share,
        overall_r2_share,
        cv_rmse_pct,
        residual_lag1_correlation,
        cast(hold_out_days_count as integer) as hold_out_days_count,
        hold_out_cv_rmse_pct,
        hold_out_nmbe_pct,
        {{ fit_reasons() }} as fit_reason_codes,
        cast(population_count as bigint) as population_count,
        cast(electrically_heated_main_dwellings_count as double) as electrically_heated_main_dwellings_count,
        base_reason_codes,
        coalesce(left_out_term_codes, '') as left_out_term_codes
    from judged

)

select * from final
