{%- set memories = forecast_memories() -%}
with recursive

residuals as (select * from {{ ref('int_forecast_residuals_computed') }}),

memories as (select * from {{ ref('int_forecast_memories_kept') }}),

-- Every day that a fit knows, as what was ahead of each day before it.
ahead as (

    select
        region_code,
        fit_month_on,
        residual_mw,
        date_day - horizon_days as issued_on,
        horizon_days
    from (
        select
            *,
            cast(unnest(range(1, {{ forecast_horizons() }} + 1)) as integer) as horizon_days
        from residuals
        where
            residual_mw is not null
            and first_fit_month_on <= fit_month_on
    ) as unnested

),

-- How what was remembered stands to the residual so many days later.
sums as materialized (

    select
        memories.forecast_code,
        memories.region_code,
        memories.fit_month_on,
        ahead.horizon_days
        {%- for left in memories %}
        {%- for right in memories[loop.index0:] %},
        sum(memories.{{ left }} * memories.{{ right }}) as {{ left }}_{{ right }}
        {%- endfor %},
        sum(memories.{{ left }} * ahead.residual_mw) as {{ left }}_residual
        {%- endfor %}
    from memories
    inner join ahead using (region_code, fit_month_on, issued_on)
    group by memories.forecast_code, memories.region_code, memories.fit_month_on, ahead.horizon_days

),

moments as materialized (

    select
        forecast_code,
        region_code,
        fit_month_on,
        horizon_days,
        struct_extract(row_of, 'term_number') as term_number,
        struct_extract(row_of, 'moments') as moments
    from (
        select
            forecast_code,
            region_code,
            fit_month_on,
            horizon_days,
            unnest([
                {%- for row in memories %}
                {%- set row_index = loop.index0 %}
                {
                    'term_number': {{ loop.index }},
                    'moments': [
                        {%- for column in memories %}
                        {{ memories[[row_index, loop.index0] | min] }}_{{ memories[[row_index, loop.index0] | max] }},
                        {%- endfor %}
                        {{ row }}_residual
                    ]
                }{{ ',' if not loop.last }}
                {%- endfor %}
            ]) as row_of
        from sums
    ) as unnested

),

{{ swept('moments', ['forecast_code', 'region_code', 'fit_month_on', 'horizon_days'], ['residual']) }},

fitted as (

    select
        forecast_code,
        region_code,
        fit_month_on,
        horizon_days
        {%- for memory in memories %},
        max(case when term_number = {{ loop.index }} then residual_coefficient end) as {{ memory }}_coefficient
        {%- endfor %}
    from moments_solved
    group by forecast_code, region_code, fit_month_on, horizon_days

)

select * from fitted
