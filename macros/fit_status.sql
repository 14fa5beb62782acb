{# Bounds on the half-width of the 95 % interval, as a share of the slope. #}
{% macro qualified_half_width_share() -%} 0.15 {%- endmacro %}
{% macro degraded_half_width_share() -%} 0.40 {%- endmacro %}
{# With fewer an interval may be narrow by luck: of those of two quarters within 15 % a third or more miss the truth. #}
{% macro fewest_quarters() -%} 4 {%- endmacro %}


{% macro fewest_days(side) -%}
    {{ {'heating': 30, 'cooling': 10}[side] }}
{%- endmacro %}


{% macro refusal_reasons(side) -%}
    {%- set slope = side ~ '_slope_mw_per_c' -%}
    concat_ws(
        ',',
        case when {{ side }}_days_count < {{ fewest_days(side) }} then '{{ side }}_too_few_days' end,
        case
            when {{ slope }} is null then '{{ side }}_too_few_regions'
            when quarters_count < {{ fewest_quarters() }} or {{ slope }}_ci95_half_width is null
                then '{{ side }}_too_few_quarters'
        end,
        case when {{ slope }} <= 0 then '{{ side }}_slope_not_positive' end,
        case
            when {{ slope }} > 0 and {{ slope }}_ci95_half_width >= {{ slope }} then '{{ side }}_interval_includes_zero'
        end
    )
{%- endmacro %}


{% macro doubt_reasons(side) -%}
    {%- set slope = side ~ '_slope_mw_per_c' -%}
    concat_ws(
        ',',
        case
            when
                {{ slope }}_ci95_half_width < {{ slope }}
                and {{ slope }}_ci95_half_width > {{ degraded_half_width_share() }} * {{ slope }}
                then '{{ side }}_interval_too_wide'
            when
                {{ slope }}_ci95_half_width < {{ slope }}
                and {{ slope }}_ci95_half_width > {{ qualified_half_width_share() }} * {{ slope }}
                then '{{ side }}_interval_wide'
        end,
        case when is_{{ side }}_on_edge then '{{ side }}_balance_point_on_grid_edge' end
    )
{%- endmacro %}


{% macro fit_status(side) -%}
    {%- set refusal = side ~ '_refusal_codes' -%}
    {%- set doubt = side ~ '_doubt_codes' -%}
    case
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
