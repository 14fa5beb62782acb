-- Detects a value list that changed: codes of sectors that the seed `consumption_sectors` does not know, or rows
-- without a sector, hold more than 5 % of the electricity of a dataset and year, which would then be `unknown` in
-- silence. Add the code to the seed. A row is a dataset and a year, with the codes.
with

known_sectors as (select * from {{ ref('consumption_sectors') }}),

published as (

    {% for level, model, code in ore_long_forms() -%}
    select
        '{{ ore_long_dataset(level) }}' as dataset_code,
        calendar_year,
        sector_published_code,
        abs(energy_published_mwh) as energy_published_mwh
    from {{ ref(model) }}
    where is_electricity
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

off as (

    select
        published.dataset_code,
        published.calendar_year,
        string_agg(distinct coalesce(published.sector_published_code, '(none)'), ' ')
            filter (known_sectors.client_type_code is null) as unknown_codes,
        sum(published.energy_published_mwh) filter (known_sectors.client_type_code is null) as energy_unknown_mwh,
        sum(published.energy_published_mwh) as energy_mwh
    from published
    left join known_sectors on published.sector_published_code = known_sectors.sector_published_code
    group by published.dataset_code, published.calendar_year
    having
        sum(published.energy_published_mwh) filter (known_sectors.client_type_code is null)
        > 0.05 * sum(published.energy_published_mwh)

)

select * from off
