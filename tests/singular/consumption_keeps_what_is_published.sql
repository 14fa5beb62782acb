-- Detects gas added, operators, sectors or territories lost, and rows counted twice: at each level and year the
-- energy of the fact is that of the electricity rows of the form that it says it comes from, to one part in a
-- thousand (rows in no territory), nothing comes from both forms, and hardly any value is impossible. A row is a
-- level and a year that differ.
with

published as (

    {% for level, model, code in ore_long_forms() -%}
    select
        '{{ level }}' as territory_level_code,
        '{{ ore_long_dataset(level) }}' as dataset_code,
        calendar_year,
        sum(energy_published_mwh) as energy_published_mwh
    from {{ ref(model) }}
    where energy_carrier_label_fr like 'Elec%' or energy_carrier_label_fr like 'Élec%'
    group by calendar_year
    union all
    {% endfor -%}
    {% for level, model, code in ore_wide_forms() -%}
    select
        '{{ level }}' as territory_level_code,
        '{{ ore_wide_dataset(level) }}' as dataset_code,
        calendar_year,
        sum(total_energy_published_mwh) as energy_published_mwh
    from {{ ref(model) }}
    where energy_carrier_label_fr like 'Elec%' or energy_carrier_label_fr like 'Élec%'
    group by calendar_year
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

found as (

    select
        territory_level_code,
        calendar_year,
        min(dataset_code) as dataset_code,
        count(distinct dataset_code) as datasets_count,
        sum(energy_published_mwh) as energy_published_mwh,
        sum(energy_mwh) as energy_mwh,
        bool_or(consumption_correction_code = 'above_subscribed_power') as is_any_impossible,
        count(*) filter (consumption_correction_code = 'above_subscribed_power') / count(*) as impossible_share
    from {{ ref('fct_annual_consumption') }}
    group by territory_level_code, calendar_year

),

off as (

    select
        found.*,
        published.energy_published_mwh as expected_mwh
    from published
    left join found
        on
            published.territory_level_code = found.territory_level_code
            and published.calendar_year = found.calendar_year
    where
        coalesce(found.datasets_count, 0) <> 1
        -- A few impossible values are errors of the source; many are a wrong unit.
        or found.impossible_share > 0.05
        or (
            published.dataset_code = found.dataset_code
            and (
                not found.energy_published_mwh / published.energy_published_mwh between 0.999 and 1.000001
                or (
                    not coalesce(found.is_any_impossible, false)
                    and not found.energy_mwh / found.energy_published_mwh between 0.999999 and 1.000001
                )
            )
        )

)

select * from off
