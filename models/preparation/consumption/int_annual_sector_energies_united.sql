{%- set long_forms = ore_long_forms() -%}
{%- set wide_forms = ore_wide_forms() -%}
{%- set sectors = ore_sectors() -%}
with

known_sectors as (select * from {{ ref('consumption_sectors') }}),

departements as (select * from {{ ref('departements') }}),

-- One row for each operator, category, sector and division: a territory's sector is the sum over all of them.
{% for level, model, code in long_forms -%}
long_{{ level }} as (

    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        calendar_year,
        sector_published_code,
        '{{ ore_long_dataset(level) }}' as dataset_code,
        energy_mwh,
        energy_published_mwh,
        delivery_points_count,
        secret_meshes_count,
        is_above_subscribed_power,
        _is_simulated
    from {{ ref(model) }}
    where is_electricity

),

{% endfor %}
{% for level, model, code in wide_forms -%}
wide_{{ level }} as (

    {% for sector in sectors -%}
    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        calendar_year,
        '{{ sector }}' as client_type_code,
        '{{ ore_wide_dataset(level) }}' as dataset_code,
        {{ sector }}_energy_mwh as energy_mwh,
        {{ sector }}_energy_published_mwh as energy_published_mwh,
        {{ sector }}_delivery_points_count as delivery_points_count,
        {{ sector }}_secret_meshes_count as secret_meshes_count,
        false as is_above_subscribed_power,
        _is_simulated
    from {{ ref(model) }}
    where is_electricity
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

{% endfor %}
long_rows as (

    {% for level, model, code in long_forms -%}
    select * from long_{{ level }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

wide_rows as (

    {% for level, model, code in wide_forms -%}
    select * from wide_{{ level }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- The frozen wide form speaks of the same energies: it stands in, year by year, for the territories that the long form
-- lacks. Where the long form has all communes of a département, what the wide form has besides are merged ones.
long_territories as (

    select distinct
        territory_level_code,
        territory_code,
        calendar_year
    from long_rows

),

whole_departements as (

    select
        departements.departement_code,
        long_territories.calendar_year
    from long_territories
    inner join departements
        on {{ departement_of_commune('long_territories.territory_code') }} = departements.departement_code
    where long_territories.territory_level_code = 'commune'
    group by departements.departement_code, departements.communes_count, long_territories.calendar_year
    having {{ is_whole('count(*) / departements.communes_count') }}

),

rows_used as (

    select
        long_rows.* exclude (sector_published_code),
        -- A code that the seed does not know: data_quality counts the rows, a test refuses many.
        coalesce(known_sectors.client_type_code, 'unknown') as client_type_code
    from long_rows
    left join known_sectors on long_rows.sector_published_code = known_sectors.sector_published_code
    union all by name
    select wide_rows.*
    from wide_rows
    anti join long_territories
        on
            wide_rows.territory_level_code = long_territories.territory_level_code
            and wide_rows.territory_code = long_territories.territory_code
            and wide_rows.calendar_year = long_territories.calendar_year
    anti join whole_departements
        on
            wide_rows.territory_level_code = 'commune'
            and {{ departement_of_commune('wide_rows.territory_code') }} = whole_departements.departement_code
            and wide_rows.calendar_year = whole_departements.calendar_year

),

-- One impossible row takes out itself, not the sum that it stands in.
summed as (

    select
        territory_level_code,
        territory_code,
        calendar_year,
        client_type_code,
        any_value(dataset_code) as dataset_code,
        sum(case when not is_above_subscribed_power then energy_mwh end) as energy_observed_mwh,
        sum(case when is_above_subscribed_power then energy_mwh end) as energy_excluded_mwh,
        sum(energy_published_mwh) as energy_published_mwh,
        sum(delivery_points_count) as delivery_points_count,
        sum(case when not is_above_subscribed_power and energy_mwh is not null then delivery_points_count end)
            as delivery_points_with_energy_count,
        sum(case when is_above_subscribed_power then delivery_points_count end) as delivery_points_excluded_count,
        sum(coalesce(secret_meshes_count, 0)) as secret_meshes_count,
        sum(case when secret_meshes_count > 0 then 1 else 0 end) as secret_rows_count,
        count(*) as source_rows_count,
        bool_or(_is_simulated) as is_simulated
    from rows_used
    group by territory_level_code, territory_code, calendar_year, client_type_code

),

-- Corse and overseas until 2016: all that was consumed stands under the unknown sector, and zero, or no row, in others.
not_split as (

    select
        territory_level_code,
        territory_code,
        calendar_year,
        any_value(dataset_code) as dataset_code,
        bool_or(is_simulated) as is_simulated
    from summed
    group by territory_level_code, territory_code, calendar_year
    having
        sum(case when client_type_code = 'unknown' then energy_observed_mwh end) > 0
        and coalesce(sum(case when client_type_code <> 'unknown' then abs(energy_published_mwh) end), 0) = 0

),

client_types as (

    select distinct client_type_code
    from known_sectors

),

completed as (

    select * from summed
    union all by name
    select
        not_split.*,
        client_types.client_type_code,
        0 as energy_observed_mwh,
        0 as secret_meshes_count,
        0 as secret_rows_count,
        0 as source_rows_count
    from not_split
    cross join client_types
    anti join summed
        on
            not_split.territory_level_code = summed.territory_level_code
            and not_split.territory_code = summed.territory_code
            and not_split.calendar_year = summed.calendar_year
            and client_types.client_type_code = summed.client_type_code

),

flagged as (

    select
        completed.*,
        not_split.territory_code is not null
        and completed.client_type_code <> 'unknown'
        and completed.secret_rows_count = 0 as is_not_split
    from completed
    left join not_split
        on
            completed.territory_level_code = not_split.territory_level_code
            and completed.territory_code = not_split.territory_code
            and completed.calendar_year = not_split.calendar_year

),

covered as (

    select
        *,
        case
            when is_not_split then 0
            else 1 - coalesce(delivery_points_excluded_count / nullif(delivery_points_count, 0), 0)
        end as coverage_share
    from flagged

),

corrected as (

    select
        * exclude (is_not_split),
        case
            -- Of a sum of which a part is secret, zero says nothing.
            when energy_observed_mwh = 0 and secret_meshes_count > 0 then null
            else {{ total_if_whole('energy_observed_mwh', 'coverage_share') }}
        end as energy_mwh,
        case
            when is_not_split then 'sector_not_split'
            when delivery_points_excluded_count > 0 then 'above_subscribed_power'
            when coalesce(energy_observed_mwh, 0) = 0 and secret_meshes_count > 0 then 'all_secret'
        end as consumption_correction_code
    from covered

)

select * from corrected
