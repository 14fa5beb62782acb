-- Detects gas added, operators, sectors or territories lost, and rows counted twice: in each territory and year the
-- energy of the fact is that of the electricity rows of one form, the one it says it comes from, to one part in a
-- million; rows in no territory are less than one part in a thousand of a whole level; what was left out as impossible
-- is counted. A row is a territory and a year, or a level and a year, that differ.
with

published_rows as (

    {% for level, model, code in ore_long_forms() -%}
    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        '{{ ore_long_dataset(level) }}' as dataset_code,
        calendar_year,
        energy_published_mwh
    from {{ ref(model) }}
    where energy_carrier_label_fr like 'Elec%' or energy_carrier_label_fr like 'Élec%'
    union all
    {% endfor -%}
    {% for level, model, code in ore_wide_forms() -%}
    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        '{{ ore_wide_dataset(level) }}' as dataset_code,
        calendar_year,
        total_energy_published_mwh as energy_published_mwh
    from {{ ref(model) }}
    where energy_carrier_label_fr like 'Elec%' or energy_carrier_label_fr like 'Élec%'
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

published as (

    select
        territory_level_code,
        territory_code,
        dataset_code,
        calendar_year,
        sum(energy_published_mwh) as energy_published_mwh
    from published_rows
    group by all

),

found as (

    select
        territory_level_code,
        territory_code,
        calendar_year,
        min(dataset_code) as dataset_code,
        count(distinct dataset_code) as datasets_count,
        sum(energy_published_mwh) as energy_published_mwh,
        coalesce(sum(energy_observed_mwh), 0) + coalesce(sum(energy_excluded_mwh), 0) as energy_kept_mwh,
        bool_or(energy_excluded_mwh is not null) as is_any_impossible
    from {{ ref('fct_annual_consumption') }}
    group by all

),

compared as (

    select
        published.*,
        found.datasets_count,
        found.dataset_code as found_dataset_code,
        found.energy_published_mwh as found_published_mwh,
        found.energy_kept_mwh,
        coalesce(found.is_any_impossible, false) as is_any_impossible
    from published
    left join found
        on
            published.territory_level_code = found.territory_level_code
            and published.territory_code = found.territory_code
            and published.calendar_year = found.calendar_year

),

off as (

    select
        territory_level_code,
        territory_code,
        calendar_year,
        energy_published_mwh,
        found_published_mwh,
        energy_kept_mwh
    from compared
    where
        datasets_count > 1
        or (
            dataset_code = found_dataset_code
            and (
                abs(found_published_mwh - energy_published_mwh) > 1e-6 * abs(energy_published_mwh) + 0.001
                or abs(energy_kept_mwh - found_published_mwh) > 1e-6 * abs(found_published_mwh) + 0.001
            )
        )
    union all
    -- What lies in no territory; and impossible values: a few are errors of the source, many are a wrong unit.
    select
        territory_level_code,
        'all' as territory_code,
        calendar_year,
        sum(energy_published_mwh) as energy_published_mwh,
        sum(found_published_mwh) as found_published_mwh,
        sum(energy_kept_mwh) as energy_kept_mwh
    from compared
    group by territory_level_code, calendar_year, dataset_code
    having
        (
            sum(energy_published_mwh) filter (datasets_count is null) > 0.001 * sum(energy_published_mwh)
            and not bool_or(found_dataset_code is distinct from dataset_code and datasets_count is not null)
            and sum(energy_published_mwh) > 1e8
        )
        or (count(*) > 20 and count(*) filter (is_any_impossible) > 0.05 * count(*))

)

select * from off
