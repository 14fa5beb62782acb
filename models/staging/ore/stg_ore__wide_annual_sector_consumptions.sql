-- One column per sector, as the frozen form of 2011-2021 has them.
{%- set sectors = [
    ('a', 'agriculture'),
    ('i', 'industry'),
    ('t', 'tertiary'),
    ('r', 'residential'),
    ('na', 'unknown'),
] %}

with

source as (

    select * from {{ source('ore', 'consommation_annuelle_par_secteur_departement') }}

),

renamed as (

    select
        operateur as operator_label_fr,
        annee as calendar_year,
        filiere as energy_carrier_label_fr,
        {{ two_characters('code_departement') }} as departement_code,
        libelle_departement as departement_label_fr,
        code_region as region_code,
        libelle_region as region_label_fr,
        {%- for letter, sector in sectors %}
        conso{{ letter }} as {{ sector }}_energy_published_mwh,
        pdl{{ letter }} as {{ sector }}_delivery_points_count,
        nombre_maille_secretisees_{{ letter }} as {{ sector }}_secret_meshes_count,
        indqual{{ letter }} as {{ sector }}_quality_index,
        {%- endfor %}
        consototale as total_energy_published_mwh,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

),

flagged as (

    select
        operator_label_fr,
        calendar_year,
        energy_carrier_label_fr,
        departement_code,
        departement_label_fr,
        region_code,
        region_label_fr,
        {%- for letter, sector in sectors %}
        {{ sector }}_energy_published_mwh,
        -- Where all that a sector consumed is secret, zero is published: it stands for no value.
        case
            when {{ sector }}_energy_published_mwh = 0 and {{ sector }}_secret_meshes_count > 0 then null
            else {{ sector }}_energy_published_mwh
        end as {{ sector }}_energy_mwh,
        {{ sector }}_delivery_points_count,
        {{ sector }}_secret_meshes_count,
        {{ sector }}_quality_index,
        {%- endfor %}
        total_energy_published_mwh,
        -- Gas stands beside electricity in the same file.
        lower(strip_accents(energy_carrier_label_fr)) = 'electricite' as is_electricity,
        coalesce(
            {%- for letter, sector in sectors %}
            ({{ sector }}_energy_published_mwh = 0 and {{ sector }}_secret_meshes_count > 0)
            {{- ' or' if not loop.last }}
            {%- endfor %},
            false
        ) as is_a_sector_secret,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from renamed

)

select * from flagged
