{% macro enedis_half_hours(source_name, sector_column) -%}
with

source as (

    select * from {{ source('enedis', source_name) }}

),

renamed as (

    select
        code_region as region_code,
        horodate as period_start_at_utc,
        profil as profile_label_fr,
        plage_de_puissance_souscrite as power_band_label_fr,
        {{ sector_column }} as activity_sector_label_fr,
        nb_points_soutirage as delivery_points_count,
        total_energie_soutiree_wh as energy_published_wh,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

),

flagged as (

    select
        *,
        case upper(left(trim(profile_label_fr), 3))
            when 'RES' then 'enedis_residential'
            when 'PRO' then 'enedis_professional'
            when 'ENT' then 'enedis_enterprise'
        end as client_type_code,
        -- Energy over half an hour: twice as many W.
        energy_published_wh * 2 / 1e6 as load_published_mw,
        -- Rows of totals stand beside the rows that they sum.
        coalesce(contains(lower(power_band_label_fr), 'total'), false) as is_power_band_total,
        coalesce(contains(lower(activity_sector_label_fr), 'total'), false) as is_sector_total
    from renamed

)

select * from flagged
{%- endmacro %}
