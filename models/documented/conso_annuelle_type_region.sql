{%- set sectors = [
    ('agriculture', 'agriculture'),
    ('industrie', 'industry'),
    ('tertiaire', 'tertiary'),
    ('residentiel', 'residential'),
] -%}
with

consumptions as (select * from {{ ref('fct_annual_consumption') }}),

communes as (select * from {{ ref('dim_communes') }}),

departements as (select * from {{ ref('dim_departements') }}),

placed as (

    select
        consumptions.*,
        departements.region_code as code_region,
        departements.departement_code as code_departement,
        communes.commune_code as code_commune
    from consumptions
    left join communes
        on consumptions.territory_level_code = 'commune' and consumptions.territory_code = communes.commune_code
    left join departements
        on
            departements.departement_code = case
                when consumptions.territory_level_code = 'departement' then consumptions.territory_code
                else communes.departement_code
            end
    where consumptions.territory_level_code in ('departement', 'commune')

),

parts as (

    select * from {{ ref('dim_territory_parts') }}
    where child_level_code = 'commune' and parent_level_code = 'departement'

),

communes_published as (

    select
        published.code_departement,
        published.calendar_year,
        sum(parts.weight_share) as coverage_share
    from (
        select distinct
            code_departement,
            code_commune,
            calendar_year
        from placed
        where territory_level_code = 'commune'
    ) as published
    inner join parts on published.code_commune = parts.child_code
    group by published.code_departement, published.calendar_year

),

departements_published as (

    select distinct
        code_departement,
        calendar_year
    from placed
    where territory_level_code = 'departement'

),

-- The finest that is whole: a département stands for itself in the years that its communes are not all published.
finest as (

    select placed.*
    from placed
    left join communes_published
        on
            placed.code_departement = communes_published.code_departement
            and placed.calendar_year = communes_published.calendar_year
    left join departements_published
        on
            placed.code_departement = departements_published.code_departement
            and placed.calendar_year = departements_published.calendar_year
    where
        (placed.territory_level_code = 'commune')
        = ({{ is_whole('communes_published.coverage_share') }}
        or departements_published.code_departement is null)

),

final as (

    select
        cast(calendar_year as varchar) || '-' || territory_code as id,
        calendar_year as annee,
        code_region,
        code_departement,
        code_commune,
        {%- for french, sector in sectors %}
        sum(energy_mwh) filter (client_type_code = '{{ sector }}') as conso_{{ french }}_mwh,
        sum(delivery_points_count) filter (client_type_code = '{{ sector }}') as nb_points_{{ french }},
        {%- endfor %}
        -- In one order, so that every reading of the view gives the same last digit.
        case
            when bool_and({{ is_whole('coverage_share') }} or consumption_correction_code = 'sector_not_split')
                then sum(energy_observed_mwh order by client_type_code)
        end as conso_totale_mwh
    from finest
    group by calendar_year, territory_code, code_region, code_departement, code_commune

)

select * from final
