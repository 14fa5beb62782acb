-- Detects gas, kWh or operators lost in the form of which less is seen: Agence ORE's frozen wide form and its long form
-- speak of the same electricity, so where both have a year their totals lie within 5 % (revisions came after the one
-- was frozen; gas, in the same file, is about as much as electricity). A row is a level and a year that differ.
with

{% for level, model, code in ore_long_forms() -%}
long_{{ level }} as (

    select
        '{{ level }}' as territory_level_code,
        calendar_year,
        sum(energy_mwh) as energy_mwh
    from {{ ref(model) }}
    where is_electricity
    group by calendar_year

),

{% endfor -%}
{% for level, model, code in ore_wide_forms() -%}
wide_{{ level }} as (

    select
        '{{ level }}' as territory_level_code,
        calendar_year,
        {%- for sector in ore_sectors() %}
        sum(coalesce({{ sector }}_energy_mwh, 0)) {{ '+' if not loop.last else 'as energy_mwh' }}
        {%- endfor %}
    from {{ ref(model) }}
    where is_electricity
    group by calendar_year

),

{% endfor -%}
off as (

    {% for level, model, code in ore_wide_forms() -%}
    select
        wide_{{ level }}.*,
        long_{{ level }}.energy_mwh as long_form_energy_mwh
    from wide_{{ level }}
    inner join long_{{ level }} on wide_{{ level }}.calendar_year = long_{{ level }}.calendar_year
    where not wide_{{ level }}.energy_mwh / long_{{ level }}.energy_mwh between 0.95 and 1.05
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from off
