{%- set summed = [
    ('departement', 'commune'),
    ('epci', 'commune'),
    ('region', 'departement'),
    ('country', 'region'),
] -%}
-- Every level as published, and as the sum of the level below with the part of its people that the sum holds.
with

annual_consumptions as (select * from {{ ref('fct_annual_consumption') }}),

links as (select * from {{ ref('dim_territory_parts') }}),

regions_with_load as (

    select count(*) as regions_count
    from {{ ref('dim_regions') }}
    where is_load_published

),

published_sectors as (

    select
        territory_level_code,
        territory_code,
        calendar_year,
        client_type_code,
        dataset_code,
        energy_observed_mwh,
        energy_excluded_mwh,
        delivery_points_count,
        delivery_points_with_energy_count,
        delivery_points_excluded_count,
        secret_meshes_count,
        secret_rows_count,
        source_rows_count,
        coverage_share,
        coalesce(consumption_correction_code = 'sector_not_split', false) as is_not_split,
        is_simulated
    from annual_consumptions

),

published_all_clients as (

    select
        territory_level_code,
        territory_code,
        calendar_year,
        'all' as client_type_code,
        any_value(dataset_code) as dataset_code,
        sum(energy_observed_mwh) as energy_observed_mwh,
        sum(energy_excluded_mwh) as energy_excluded_mwh,
        sum(delivery_points_count) as delivery_points_count,
        sum(delivery_points_with_energy_count) as delivery_points_with_energy_count,
        sum(secret_meshes_count) as secret_meshes_count,
        sum(secret_rows_count) as secret_rows_count,
        sum(source_rows_count) as source_rows_count,
        1 - coalesce(sum(delivery_points_excluded_count) / nullif(sum(delivery_points_count), 0), 0) as coverage_share,
        false as is_not_split,
        bool_or(is_simulated) as is_simulated
    from published_sectors
    group by territory_level_code, territory_code, calendar_year

),

published_clients as (

    select * exclude (delivery_points_excluded_count) from published_sectors
    union all by name
    select * from published_all_clients

),

published as (

    select
        *,
        false as is_sum_of_lower_level,
        1 as territories_count,
        -- A territory that is published is held whole.
        1.0 as territory_coverage_share,
        true as has_required_parts
    from published_clients

),

commune as (

    select * from published
    where territory_level_code = 'commune'

),

{% for level, below in summed -%}
{{ level }}_parts as (

    select
        '{{ level }}' as territory_level_code,
        links.parent_code as territory_code,
        {{ below }}.calendar_year,
        {{ below }}.client_type_code,
        array_to_string(
            list_sort(list_distinct(flatten(list(string_split({{ below }}.dataset_code, ','))))), ','
        ) as dataset_code,
        sum({{ below }}.energy_observed_mwh) as energy_observed_mwh,
        sum({{ below }}.energy_excluded_mwh) as energy_excluded_mwh,
        sum({{ below }}.delivery_points_count) as delivery_points_count,
        sum({{ below }}.delivery_points_with_energy_count) as delivery_points_with_energy_count,
        sum({{ below }}.secret_meshes_count) as secret_meshes_count,
        sum({{ below }}.secret_rows_count) as secret_rows_count,
        sum({{ below }}.source_rows_count) as source_rows_count,
        bool_or({{ below }}.is_not_split) as is_not_split,
        bool_or({{ below }}.is_simulated) as is_simulated,
        count(*) as territories_count,
        sum(links.weight_share * {{ below }}.territory_coverage_share) as held_share,
        sum(links.weight_share * ({{ below }}.territory_coverage_share - {{ below }}.coverage_share)) as lost_share,
        count(*) filter (links.is_required and {{ is_whole(below ~ '.territory_coverage_share') }}) as required_count
    from {{ below }}
    inner join links
        on
            links.child_level_code = '{{ below }}'
            and {{ below }}.territory_code = links.child_code
            and links.parent_level_code = '{{ level }}'
    group by links.parent_code, {{ below }}.calendar_year, {{ below }}.client_type_code

),

-- A part that is held and has no row of a sector has none of it: the part held is that of all clients, less what was
-- left out of the sector.
{{ level }}_sums as (

    select
        parts.* exclude (held_share, lost_share, required_count),
        true as is_sum_of_lower_level,
        least(1, all_clients.held_share{{ ' * departements_held.held_share' if level == 'epci' }})
            as territory_coverage_share,
        least(1, all_clients.held_share{{ ' * departements_held.held_share' if level == 'epci' }}) - parts.lost_share
            as coverage_share,
        {{ 'all_clients.required_count >= regions_with_load.regions_count' if level == 'country' else 'true' }}
            as has_required_parts
    from {{ level }}_parts as parts
    inner join {{ level }}_parts as all_clients
        on
            parts.territory_code = all_clients.territory_code
            and parts.calendar_year = all_clients.calendar_year
            and all_clients.client_type_code = 'all'
    {% if level == 'epci' -%}
    inner join departements_held
        on
            parts.territory_code = departements_held.territory_code
            and parts.calendar_year = departements_held.calendar_year
    {%- elif level == 'country' -%}
    cross join regions_with_load
    {%- endif %}

),

-- A territory that is published speaks for itself.
{{ level }} as (

    select * from published
    where territory_level_code = '{{ level }}'
    union all by name
    select sums.*
    from {{ level }}_sums as sums
    anti join published
        on
            published.territory_level_code = '{{ level }}'
            and sums.territory_code = published.territory_code
            and sums.calendar_year = published.calendar_year

),

{% if level == 'departement' -%}
-- Which communes are an inter-municipality's is known from those that are held: what lacks of its départements may be
-- its own.
departements_held as (

    select
        epci_links.parent_code as territory_code,
        departement_sums.calendar_year,
        min(departement_sums.territory_coverage_share) as held_share
    from links as epci_links
    inner join links as departement_links
        on
            epci_links.child_level_code = departement_links.child_level_code
            and epci_links.child_code = departement_links.child_code
            and departement_links.parent_level_code = 'departement'
    inner join departement_sums
        on
            departement_links.parent_code = departement_sums.territory_code
            and departement_sums.client_type_code = 'all'
    where epci_links.parent_level_code = 'epci'
    group by epci_links.parent_code, departement_sums.calendar_year

),

{% endif -%}
{% endfor -%}
united as (

    select * from published
    {% for level, below in summed -%}
    union all by name
    select * from {{ level }}_sums
    {% endfor %}

),

final as (

    select
        *,
        not is_sum_of_lower_level or not bool_or(not is_sum_of_lower_level) over (
            partition by territory_level_code, territory_code, calendar_year
        ) as is_used
    from united

)

select * from final
