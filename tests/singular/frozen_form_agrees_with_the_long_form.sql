-- Detects gas, kWh or operators lost in the form of which less is seen: Agence ORE's frozen wide form and its long
-- form speak of the same electricity, so where both have a territory and year their totals lie within 5 % over the
-- territories that both have (revisions came after the one was frozen; gas, in the same file, is about as much as
-- electricity), and within a factor of two where these are a few. A row is a level and a year that differ.
with

{% for level, model, code in ore_long_forms() -%}
long_{{ level }} as (

    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        calendar_year,
        sum(energy_mwh) as energy_mwh
    from {{ ref(model) }}
    where is_electricity
    group by all

),

{% endfor -%}
{% for level, model, code in ore_wide_forms() -%}
wide_{{ level }} as (

    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        calendar_year,
        sum(
            {%- for sector in ore_sectors() %}
            coalesce({{ sector }}_energy_mwh, 0) {{ '+' if not loop.last }}
            {%- endfor %}
        ) as energy_mwh
    from {{ ref(model) }}
    where is_electricity
    group by all

),

{% endfor -%}
two_forms as (

    {% for level, model, code in ore_wide_forms() -%}
    select
        wide_{{ level }}.*,
        long_{{ level }}.energy_mwh as long_form_energy_mwh
    from wide_{{ level }}
    inner join long_{{ level }}
        on
            wide_{{ level }}.territory_code = long_{{ level }}.territory_code
            and wide_{{ level }}.calendar_year = long_{{ level }}.calendar_year
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

off as (

    select
        territory_level_code,
        calendar_year,
        count(*) as territories_count,
        sum(energy_mwh) as energy_mwh,
        sum(long_form_energy_mwh) as long_form_energy_mwh
    from two_forms
    group by territory_level_code, calendar_year
    having
        not sum(energy_mwh) / sum(long_form_energy_mwh) between 0.5 and 2
        or (count(*) >= 12 and not sum(energy_mwh) / sum(long_form_energy_mwh) between 0.95 and 1.05)

)

select * from off
