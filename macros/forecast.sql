{# What is known when, the only place that says so: of each source, how many days before the day of issue the last day lies
   that is known whole, and how many hours are known of the day that follows it. #}
{% macro last_whole_day_lag(sources) -%}
    cast(ceil((24 + {{ sources }}.publication_delay_hours - {{ sources }}.issued_at_hour) / 24.0) as integer)
{%- endmacro %}


{% macro hours_known_after(sources, lag) -%}
    ({{ sources }}.issued_at_hour - {{ sources }}.publication_delay_hours + 24 * ({{ lag }} - 1))
{%- endmacro %}


{# Days ahead that are forecast. #}
{% macro forecast_horizons() -%} 14 {%- endmacro %}


{# Residuals follow each other: each day enters a fit less this share of the day before. #}
{% macro residual_carried_share() -%} 0.3 {%- endmacro %}


{# Days older by this many months weigh half as much in a fit. #}
{% macro half_weight_months() -%} 36 {%- endmacro %}


{# Days of errors that an interval is taken from: more would hold errors of fits that knew less. #}
{% macro interval_days() -%} 365 {%- endmacro %}


{# Days that a fit needs before its first forecast, and days whose residuals say how they carry on. #}
{% macro forecast_training_days() -%} 730 {%- endmacro %}


{# What is remembered of a fit's residuals, as columns. #}
{% macro forecast_memories() -%}
    {{ return(['last_day', 'last_week', 'last_four_weeks', 'day_begun', 'last_day_begun']) }}
{%- endmacro %}


{# Least squares of any number of fits at once. `source` has for each fit (its columns `keys`) a row per term: its number,
   from 1 without gaps, and `moments`, a list of its moment with every term, then with every right side. Term after term is
   solved for and taken out of all others; what is left of the list are the solutions. A term that those before it already
   hold is left out: its coefficient is zero. #}
{% macro swept(source, keys, right_sides) -%}
{{ source }}_scales as (

    select
        {{ keys | join(', ') }},
        list(sqrt(greatest(moments[term_number], 1e-300)) order by term_number) as scales
    from {{ source }}
    group by all

),

{{ source }}_swept as (

    select
        {{ keys | join(', ') }},
        source.term_number,
        1 as pivot_number,
        false as is_solved,
        scales.scales[source.term_number] as scale,
        list_transform(
            list_zip(
                source.moments,
                list_concat(scales.scales, {{ [1] * (right_sides | length) }})
            ),
            lambda pair: pair[1] / (pair[2] * scales.scales[source.term_number])
        ) as moments
    from {{ source }} as source
    inner join {{ source }}_scales as scales using ({{ keys | join(', ') }})
    union all
    select
        {{ keys | join(', ') }},
        swept.term_number,
        swept.pivot_number + 1 as pivot_number,
        swept.is_solved
        or (
            swept.term_number = swept.pivot_number
            and pivots.moments[swept.pivot_number] > {{ least_tolerance() }} / 100
        ) as is_solved,
        swept.scale,
        case
            when pivots.moments[swept.pivot_number] <= {{ least_tolerance() }} / 100 then swept.moments
            when swept.term_number = swept.pivot_number
                then list_transform(swept.moments, lambda moment: moment / pivots.moments[swept.pivot_number])
            else
                list_transform(
                    list_zip(swept.moments, pivots.moments),
                    lambda pair:
                    pair[1] - pair[2] * swept.moments[swept.pivot_number] / pivots.moments[swept.pivot_number]
                )
        end as moments
    from {{ source }}_swept as swept
    inner join {{ source }}_swept as pivots using ({{ keys | join(', ') }})
    where pivots.term_number = swept.pivot_number

),

{{ source }}_solved as (

    select
        {{ keys | join(', ') }},
        term_number
        {%- for side in right_sides %},
        case when is_solved then moments[len(moments) - {{ right_sides | length - loop.index }}] / scale else 0 end
            as {{ side }}_coefficient
        {%- endfor %}
    from (
        select
            *,
            max(pivot_number) over () as last_pivot_number
        from {{ source }}_swept
    ) as steps
    where pivot_number = last_pivot_number

)
{%- endmacro %}
