with

regions as (

    select * from {{ ref('dim_regions') }}

),

spans as (

    select * from {{ ref('int_windows_spanned') }}

),

fits as (

    select * from {{ ref('int_forms_chosen') }}

),

country_fits as (

    select * from {{ ref('int_country_slopes_jackknifed') }}

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

windows_asked_always (window_code) as (

    values ('all'), ('before_2022_09_15'), ('since_2022_09_15')

),

windows as (

    select distinct window_code
    from {{ ref('int_windows_listed') }}
    union
    -- There is an answer, if only that there is none, before there is any data.
    select window_code from windows_asked_always

),

specifications as (

    select 'common' as specification_code
    union all
    select 'free' as specification_code
    union all
    select 'lower_bound' as specification_code

),

client_types as (

    select distinct client_type_code
    from series

),

-- A row for every question, so that a refused fit is a row with its reasons and not a silence.
asked as (

    select
        'region' as territory_level_code,
        regions.region_code as territory_code,
        regions.region_label_fr as territory_label_fr,
        regions.is_load_published,
        windows.window_code,
        client_types.client_type_code,
        specifications.specification_code
    from regions
    cross join windows
    cross join client_types
    cross join specifications
    -- Metropolitan France: nothing here is published for the overseas regions.
    where regions.school_zone_code is not null
    union all
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        'France (12 régions)' as territory_label_fr,
        true as is_load_published,
        windows.window_code,
        client_types.client_type_code,
        specifications.specification_code
    from windows
    cross join client_types
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

territory_fits as (

    select
        series_code,
        window_code,
        specification_code,
        heating_slope_mw_per_c,
        heating_slope_mw_per_c_se,
        heating_slope_mw_per_c_ci95_half_width,
        heating_balance_point_c,
        heating_days_count,
        heating_refusal_codes,
        heating_doubt_codes,
        -- A dropped term has no slope, least of all zero.
        case when form_code = 'heating_and_cooling' then cooling_slope_mw_per_c end as cooling_slope_mw_per_c,
        case when form_code = 'heating_and_cooling' then cooling_slope_mw_per_c_se end as cooling_slope_mw_per_c_se,
        case when form_code = 'heating_and_cooling' then cooling_slope_mw_per_c_ci95_half_width end
            as cooling_slope_mw_per_c_ci95_half_width,
        cooling_balance_point_c,
        cooling_days_count,
        cooling_refusal_codes,
        cooling_doubt_codes,
        quarters_count,
        load_sum_mw / days_count as load_mean_mw,
        100 * sqrt(squared_error_sum_mw2 / days_count) / (load_sum_mw / days_count) as cv_rmse_pct
    from fits
    union all by name
    select
        country_series_code as series_code,
        * exclude (country_series_code, is_every_region_there, regions_count),
        {{ refusal_reasons('heating', minimum_days=0) }} as heating_refusal_codes,
        {{ doubt_reasons('heating') }} as heating_doubt_codes,
        {{ refusal_reasons('cooling', minimum_days=0) }} as cooling_refusal_codes,
        {{ doubt_reasons('cooling') }} as cooling_doubt_codes
    from (
        -- Sums of slopes have no balance point of their own: neither its edge nor days beyond it can be asked for.
        select
            *,
            0 as heating_days_count,
            0 as cooling_days_count,
            false as is_heating_on_edge,
            false as is_cooling_on_edge
        from country_fits
        where is_every_region_there
    ) as summed

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
        territory_fits.* exclude (
            series_code, window_code, specification_code, cv_rmse_pct
        ),
        coalesce(territory_fits.cv_rmse_pct, fit_errors.cv_rmse_pct) as cv_rmse_pct,
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
    left join series
        on
            asked.territory_level_code = series.territory_level_code
            and asked.territory_code = series.territory_code
            and asked.client_type_code = series.client_type_code
    left join territory_spans
        on
            series.series_code = territory_spans.series_code
            and asked.window_code = territory_spans.window_code
    left join territory_fits
        on
            series.series_code = territory_fits.series_code
            and asked.window_code = territory_fits.window_code
            and asked.specification_code = territory_fits.specification_code
    left join balance_point_intervals
        on
            series.series_code = balance_point_intervals.series_code
            and asked.window_code = balance_point_intervals.window_code
            and asked.specification_code = balance_point_intervals.specification_code
    left join slope_errors
        on
            series.series_code = slope_errors.series_code
            and asked.window_code = slope_errors.window_code
            and asked.specification_code = slope_errors.specification_code
    left join fit_errors
        on
            series.series_code = fit_errors.series_code
            and asked.window_code = fit_errors.window_code
            and asked.specification_code = fit_errors.specification_code

),

judged as (

    select
        *,
        days_used_count / nullif(days_expected_count, 0) as coverage_share,
        concat_ws(
            ',',
            case when not is_load_published then 'no_load_published' end,
            case when is_load_published and heating_slope_mw_per_c is null then 'too_few_data' end,
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
        case when territory_level_code = 'region' then cast({{ side }}_days_count as integer) end
            as {{ side }}_days_count,
        case
            when not is_load_published or heating_slope_mw_per_c is null then 'insufficient_data'
            else {{ fit_status(side) }}
        end as {{ side }}_fit_status,
        {% endfor %}
        within_r2_share,
        overall_r2_share,
        cv_rmse_pct,
        residual_lag1_correlation,
        cast(hold_out_days_count as integer) as hold_out_days_count,
        hold_out_cv_rmse_pct,
        hold_out_nmbe_pct,
        concat_ws(
            ',',
            nullif(series_refusal_codes, ''),
            nullif(heating_refusal_codes, ''),
            nullif(heating_doubt_codes, ''),
            nullif(cooling_refusal_codes, ''),
            nullif(cooling_doubt_codes, ''),
            nullif(series_doubt_codes, '')
        ) as fit_reason_codes,
        cast(population_count as bigint) as population_count,
        cast(electrically_heated_main_dwellings_count as double) as electrically_heated_main_dwellings_count,
        base_reason_codes
    from judged

)

select * from final
