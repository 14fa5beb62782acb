with

answers as (

    select * from {{ ref('int_answers_asked') }}

),

spans as (

    select * from {{ ref('int_windows_spanned') }}

),

fits as (

    select * from {{ ref('int_territory_fits_judged') }}

),

fit_errors as (

    select * from {{ ref('int_fit_errors_measured') }}

),

slope_errors as (

    select * from {{ ref('int_slope_errors_compared') }}

),

balance_point_intervals as (

    select * from {{ ref('int_balance_point_intervals_profiled') }}

),

loads as (

    select bool_or(is_simulated) as is_simulated
    from (
        select is_simulated from {{ ref('fct_half_hourly_load') }}
        union all
        select is_simulated from {{ ref('fct_half_hourly_client_load') }}
    ) as half_hours

),

bases as (

    select * from {{ ref('int_territory_bases_counted') }}

),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where variant_code = 'daily'

),

specifications as (

    select 'common' as specification_code
    union all
    select 'free' as specification_code
    union all
    select 'season_adjusted' as specification_code

),

-- A row for every question, so that a refused fit is a row with its reasons and not a silence.
asked as (

    select
        answers.*,
        specifications.specification_code
    from answers
    cross join specifications

),

territory_spans as (

    select
        series_code,
        window_code,
        window_start_on,
        window_end_on,
        days_expected_count,
        days_used_count,
        {% for reason in day_exclusion_codes() -%}
        days_{{ reason }}_count{{ ',' if not loop.last }}
        {% endfor %}
    from spans
    union all by name
    -- France has a day where every region has it; why others are missing is told region by region.
    select
        series.country_series_code as series_code,
        spans.window_code,
        min(spans.window_start_on) as window_start_on,
        max(spans.window_end_on) as window_end_on,
        max(spans.days_expected_count) as days_expected_count
    from spans
    inner join series on spans.series_code = series.series_code
    group by all

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
        territory_spans.window_start_on,
        territory_spans.window_end_on,
        territory_spans.days_expected_count,
        coalesce(territory_spans.days_used_count, fit_errors.days_fitted_count) as days_used_count,
        {% for reason in day_exclusion_codes() -%}
        territory_spans.days_{{ reason }}_count,
        {% endfor -%}
        fits.* exclude (series_code, window_code, specification_code, cv_rmse_pct),
        coalesce(fits.cv_rmse_pct, fit_errors.cv_rmse_pct) as cv_rmse_pct,
        balance_point_intervals.heating_balance_point_c_ci95_low,
        balance_point_intervals.heating_balance_point_c_ci95_high,
        balance_point_intervals.cooling_balance_point_c_ci95_low,
        balance_point_intervals.cooling_balance_point_c_ci95_high,
        slope_errors.heating_slope_mw_per_c_hac_se,
        slope_errors.heating_slope_mw_per_c_ols_se,
        slope_errors.cooling_slope_mw_per_c_hac_se,
        slope_errors.cooling_slope_mw_per_c_ols_se,
        fit_errors.within_r2_share,
        fit_errors.overall_r2_share,
        fit_errors.residual_lag1_correlation,
        fit_errors.hold_out_days_count,
        fit_errors.hold_out_cv_rmse_pct,
        fit_errors.hold_out_nmbe_pct
    from asked
    cross join loads
    left join bases
        on
            asked.territory_level_code = bases.territory_level_code
            and asked.territory_code = bases.territory_code
    left join territory_spans
        on
            asked.series_code = territory_spans.series_code
            and asked.window_code = territory_spans.window_code
    left join fits
        on
            asked.series_code = fits.series_code
            and asked.window_code = fits.window_code
            and asked.specification_code = fits.specification_code
    left join balance_point_intervals
        on
            asked.series_code = balance_point_intervals.series_code
            and asked.window_code = balance_point_intervals.window_code
            and asked.specification_code = balance_point_intervals.specification_code
    left join slope_errors
        on
            asked.series_code = slope_errors.series_code
            and asked.window_code = slope_errors.window_code
            and asked.specification_code = slope_errors.specification_code
    left join fit_errors
        on
            asked.series_code = fit_errors.series_code
            and asked.window_code = fit_errors.window_code
            and asked.specification_code = fit_errors.specification_code

),

judged as (

    select
        *,
        days_used_count / nullif(days_expected_count, 0) as coverage_share,
        concat_ws(
            ',',
            absence_reason_code,
            case when absence_reason_code is null and heating_slope_mw_per_c is null then 'too_few_data' end,
            case
                when heating_slope_mw_per_c is not null and days_used_count < 0.95 * days_expected_count
                    then 'coverage_below_95_pct'
            end
        ) as series_refusal_codes,
        concat_ws(
            ',',
            case when cv_rmse_pct > 8 then 'fit_error_above_8_pct' end,
            case when hold_out_cv_rmse_pct > 8 then 'hold_out_error_above_8_pct' end
        ) as series_doubt_codes
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
        cast(days_used_count as integer) as days_used_count,
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
        base_reason_codes
    from judged

)

select * from final
