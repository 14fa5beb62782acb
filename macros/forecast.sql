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
{% macro residual_carried_share() -%} 0.5 {%- endmacro %}


{# Days older by this many months weigh half as much in a fit. #}
{% macro half_weight_months() -%} 36 {%- endmacro %}


{# Days of errors that an interval is taken from (more would hold errors of fits that knew less), how many of them it
   needs, and the newest days whose errors give its size. #}
{% macro interval_days() -%} 365 {%- endmacro %}


{% macro fewest_interval_errors() -%} 60 {%- endmacro %}


{% macro interval_scale_days() -%} 14 {%- endmacro %}


{# CTEs that end in `calibrated`: half-widths of the intervals of each forecast of `source`, told apart by `keys` and
   `issued_on`. Conformal: the quantile of the errors known when its month begins, each in multiples of the mean error of
   the days that were the newest when its own forecast was issued; times that mean today. #}
{% macro conformal_intervals(source, keys) -%}
{%- set columns = keys | join(', ') -%}
errors as (

    select
        {{ columns }},
        issued_on,
        known_on,
        max(abs(relative_error)) as error_share
    from {{ source }}
    group by {{ columns }}, issued_on, known_on

),

scales as (

    select
        {{ columns }},
        known_on,
        avg(error_share) over (
            partition by {{ columns }}
            order by known_on
            range between interval {{ interval_scale_days() | int - 1 }} day preceding and current row
        ) as recent_error_share
    from errors

),

scaled as (

    select
        errors.*,
        scales.recent_error_share,
        errors.error_share / nullif(scales.recent_error_share, 0) as error_ratio
    from errors
    left join scales
        on
            errors.issued_on = scales.known_on
            {%- for key in keys %}
            and errors.{{ key }} = scales.{{ key }}
            {%- endfor %}

),

-- As the fit, the quantiles of a month are those known when it begins.
months as (

    select distinct
        {{ columns }},
        cast(date_trunc('month', issued_on) as date) as month_on
    from errors

),

quantiles as (

    select
        {% for key in keys %}months.{{ key }}, {% endfor %}
        months.month_on,
        count(scaled.error_ratio) as errors_count,
        -- Of n errors and the coming one, each rank is as likely.
        quantile_disc(scaled.error_ratio, [
            {%- for level in [80, 95] %}
            {{ level / 100 * (1 + 1 / (interval_days() | int)) }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as ratios
    from months
    left join scaled
        on
            scaled.known_on between months.month_on - {{ interval_days() }} and months.month_on
            {%- for key in keys %}
            and months.{{ key }} = scaled.{{ key }}
            {%- endfor %}
    group by {% for key in keys %}months.{{ key }}, {% endfor %}months.month_on

),

calibrated as (

    select
        {% for key in keys %}scaled.{{ key }}, {% endfor %}
        scaled.issued_on,
        cast(quantiles.errors_count as integer) as errors_count
        {%- for level in [80, 95] %},
        case
            when quantiles.errors_count >= {{ fewest_interval_errors() }}
                then quantiles.ratios[{{ loop.index }}] * scaled.recent_error_share
        end as half_width_{{ level }}_share
        {%- endfor %}
    from scaled
    inner join quantiles
        on
            date_trunc('month', scaled.issued_on) = quantiles.month_on
            {%- for key in keys %}
            and scaled.{{ key }} = quantiles.{{ key }}
            {%- endfor %}

)
{%- endmacro %}


{# Days that a fit needs before its first forecast, and days whose residuals say how they carry on. #}
{% macro forecast_training_days() -%} 730 {%- endmacro %}


{# Days whose half-hours say how much of a shape carries on, and days ahead whose half-hours are forecast. #}
{% macro shape_training_days() -%} 365 {%- endmacro %}


{% macro half_hourly_horizons() -%} 2 {%- endmacro %}


{# The newest months whose half-hours are forecast: enough for a year of scores, and for the intervals of the newest. #}
{% macro half_hourly_months() -%} 14 {%- endmacro %}


{# The half-hour of a local time, from 1 to 48. #}
{% macro half_hour_number(local_timestamp) -%}
    cast(2 * hour({{ local_timestamp }}) + minute({{ local_timestamp }}) // 30 + 1 as integer)
{%- endmacro %}


{# The number of a row of `forecast_terms`. #}
{% macro forecast_term_number() -%}
    cast(row_number() over (order by term_code) as integer)
{%- endmacro %}


{# What an error of a weather forecast has in common with that of the day before, and with those of other regions. #}
{% macro temperature_error_carried_share() -%} 0.7 {%- endmacro %}


{% macro temperature_error_common_share() -%} 0.7 {%- endmacro %}


{# Parts of what is known of a day begun: its last hour known, the two before, the four before, and the rest. #}
{% macro forecast_begun_parts() -%} {{ return([1, 2, 3, 4]) }} {%- endmacro %}


{# The part that an hour belongs to, by how many hours known came after it. #}
{% macro forecast_begun_part(hours_after) -%}
    least({{ forecast_begun_parts() | max }}, 1 + cast(floor(log2({{ hours_after }} + 1)) as integer))
{%- endmacro %}


{# What is remembered of a fit's residuals, as columns. #}
{% macro forecast_memories() -%}
    {%- set memories = ['last_day', 'last_week', 'last_four_weeks', 'last_day_begun'] -%}
    {%- for part in forecast_begun_parts() -%}
        {%- do memories.append('day_begun_' ~ part) -%}
    {%- endfor -%}
    {{ return(memories) }}
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


{# Least squares of the forecasts of each region and month, from the sums of `int_forecast_moments_summed`: of the terms
   with the flag, for right sides that are numbered on downwards from `first_number`; of the newest months, or of all. #}
{% macro forecast_fits_solved(flag, right_sides, first_number, newest_months=none) -%}
term_numbers as (

    select
        term_number as published_term_number,
        cast(row_number() over (order by term_number) as integer) as term_number
    from (
        select distinct term_number
        from {{ ref('int_forecast_terms_valued') }}
        where {{ flag }}
    ) as flagged

),

fitted_months as (

    select distinct
        region_code,
        fit_month_on
    from {{ ref('int_forecast_moments_summed') }}
    {%- if newest_months %}
    where
        fit_month_on > (select max(fit_month_on) from {{ ref('int_forecast_moments_summed') }})
        - interval {{ newest_months }} month
    {%- endif %}

),

-- Both halves of the matrix.
halves as (

    select
        region_code,
        fit_month_on,
        right_term_number as published_term_number,
        left_term_number as other_term_number,
        product
    from {{ ref('int_forecast_moments_summed') }}
    union all
    select
        region_code,
        fit_month_on,
        left_term_number as published_term_number,
        right_term_number as other_term_number,
        product
    from {{ ref('int_forecast_moments_summed') }}
    where left_term_number > 0 and left_term_number < right_term_number

),

others as (

    select
        published_term_number as other_term_number,
        term_number as place
    from term_numbers
    union all
    -- The right sides end the list.
    select
        {{ first_number }} - side_number as other_term_number,
        10000 + side_number as place
    from (select unnest(range({{ right_sides | length }})) as side_number) as sides

),

-- Every term has its place, whether its products are held or not.
moments as materialized (

    select
        fitted_months.region_code,
        fitted_months.fit_month_on,
        term_numbers.term_number,
        list(coalesce(halves.product, 0) order by others.place) as moments
    from fitted_months
    cross join term_numbers
    cross join others
    left join halves using (region_code, fit_month_on, published_term_number, other_term_number)
    group by all

),

{{ swept('moments', ['region_code', 'fit_month_on'], right_sides) }}
{%- endmacro %}
