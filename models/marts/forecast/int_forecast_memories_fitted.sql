{%- set memories = forecast_memories() -%}
with recursive

residuals as (

    select * from {{ ref('int_forecast_residuals_computed') }}

),

memories as (

    select * from {{ ref('int_forecast_memories_kept') }}

),

horizons as (

    select cast(unnest(range(1, {{ forecast_horizons() }} + 1)) as integer) as horizon_days

),

-- How residuals that were remembered stand to the residual so many days later, as far as it is known to the fit.
sums as (

    select
        memories.region_code,
        memories.fit_month_on,
        horizons.horizon_days
        {%- for left in memories %}
        {%- for right in memories[loop.index0:] %},
        sum(memories.{{ left }} * memories.{{ right }}) as {{ left }}_{{ right }}
        {%- endfor %},
        sum(memories.{{ left }} * residuals.residual_mw) as {{ left }}_residual
        {%- endfor %}
    from memories
    cross join horizons
    inner join residuals
        on
            memories.region_code = residuals.region_code
            and memories.fit_month_on = residuals.fit_month_on
            and residuals.date_day = memories.issued_on + horizons.horizon_days
    where
        residuals.residual_mw is not null
        and residuals.first_fit_month_on <= residuals.fit_month_on
    group by memories.region_code, memories.fit_month_on, horizons.horizon_days

),

moments as (

    {% for row in memories -%}
    {%- set row_index = loop.index0 -%}
    select
        region_code,
        fit_month_on,
        horizon_days,
        {{ loop.index }} as term_number,
        [
            {%- for column in memories %}
            {{ memories[[row_index, loop.index0] | min] }}_{{ memories[[row_index, loop.index0] | max] }},
            {%- endfor %}
            {{ row }}_residual
        ] as moments
    from sums
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

{{ swept('moments', ['region_code', 'fit_month_on', 'horizon_days'], ['residual']) }},

fitted as (

    select
        region_code,
        fit_month_on,
        horizon_days
        {%- for memory in memories %},
        max(case when term_number = {{ loop.index }} then residual_coefficient end) as {{ memory }}_coefficient
        {%- endfor %}
    from moments_solved
    group by region_code, fit_month_on, horizon_days

)

select * from fitted
