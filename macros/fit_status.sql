{# Bounds on the half-width of the 95 % interval, as a share of the slope. #}
{% macro qualified_half_width_share() -%} 0.15 {%- endmacro %}
{% macro degraded_half_width_share() -%} 0.40 {%- endmacro %}
{# With fewer an interval may be narrow by luck: of those of two quarters within 15 % a third or more miss the truth. #}
{% macro fewest_quarters() -%} 4 {%- endmacro %}
{# Share of the days of a window that a fit must see. #}
{% macro least_coverage_share() -%} 0.95 {%- endmacro %}
{# Errors of the fit and of its prediction of a year that it did not see, in per cent of the mean load. #}
{% macro greatest_cv_rmse_pct() -%} 8 {%- endmacro %}


{# Days of a kind that an effect of the calendar must rest on. #}
{% macro fewest_days_of_a_kind() -%} 10 {%- endmacro %}


{% macro refusal_reasons() -%}
    concat_ws(
        ',',
        case when days_count < fewest_days_count then regressor_code || '_too_few_days' end,
        case
            when coefficient is null then regressor_code || '_too_few_regions'
            when quarters_count < {{ fewest_quarters() }} or ci95_half_width is null
                then regressor_code || '_too_few_quarters'
        end,
        case when coefficient <= 0 then regressor_code || '_slope_not_positive' end,
        case
            when coefficient > 0 and ci95_half_width >= coefficient then regressor_code || '_interval_includes_zero'
        end
    )
{%- endmacro %}


{% macro doubt_reasons() -%}
    concat_ws(
        ',',
        case
            when ci95_half_width < coefficient and ci95_half_width > {{ degraded_half_width_share() }} * coefficient
                then regressor_code || '_interval_too_wide'
            when ci95_half_width < coefficient and ci95_half_width > {{ qualified_half_width_share() }} * coefficient
                then regressor_code || '_interval_wide'
        end,
        case when is_grid_edge then regressor_code || '_balance_point_on_grid_edge' end
    )
{%- endmacro %}


{% macro series_refusal_reasons(slope, days_used_count='null', days_expected_count='null') -%}
    concat_ws(
        ',',
        absence_reason_code,
        case when absence_reason_code is null and {{ slope }} is null then 'too_few_data' end,
        case
            when
                {{ slope }} is not null
                and {{ days_used_count }} < {{ least_coverage_share() }} * {{ days_expected_count }}
                then 'coverage_below_95_pct'
        end
    )
{%- endmacro %}


{% macro series_doubt_reasons(cv_rmse_pct, hold_out_cv_rmse_pct) -%}
    concat_ws(
        ',',
        case when {{ cv_rmse_pct }} > {{ greatest_cv_rmse_pct() }} then 'fit_error_above_8_pct' end,
        case when {{ hold_out_cv_rmse_pct }} > {{ greatest_cv_rmse_pct() }} then 'hold_out_error_above_8_pct' end
    )
{%- endmacro %}


{% macro fit_status(side) -%}
    {%- set refusal = side ~ '_refusal_codes' -%}
    {%- set doubt = side ~ '_doubt_codes' -%}
    case
        when series_refusal_codes like 'slope_by_temperature%' then 'not_identified'
        when heating_slope_mw_per_c is null or {{ refusal }} like '%too_few%' then 'insufficient_data'
        when {{ refusal }} <> '' then 'not_identified'
        when {{ doubt }} like '%too_wide%' or {{ doubt }} like '%grid_edge%' then 'not_identified'
        when series_refusal_codes <> '' then 'insufficient_data'
        when {{ doubt }} <> '' or series_doubt_codes <> '' then 'degraded'
        else 'qualified'
    end
{%- endmacro %}


{% macro fit_reasons() -%}
    concat_ws(
        ',',
        {% for reasons in [
            'series_refusal_codes', 'heating_refusal_codes', 'heating_doubt_codes', 'cooling_refusal_codes',
            'cooling_doubt_codes', 'series_doubt_codes',
        ] -%}
        nullif({{ reasons }}, ''){{ ',' if not loop.last }}
        {% endfor %}
    )
{%- endmacro %}


{% macro both_sides(columns) -%}
    {%- for side in ['heating', 'cooling'] -%}
    {%- set is_last_side = loop.last -%}
    {%- for measure, column in columns.items() %}
        max(case when regressor_code = '{{ side }}' then {{ column }} end) as {{ side }}_{{ measure }}
        {{- '' if is_last_side and loop.last else ',' }}
    {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
