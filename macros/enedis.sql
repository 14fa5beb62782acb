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


{% macro enedis_area_form(source_name, territory_columns) -%}
-- Units are proved by kWh/DJU x DJU = kWh: given the energy, share and thermosensitivity must follow from it to half a
-- percent but for a power of ten (per mille, a lost decimal separator). Of MWh and kWh that is chosen which leaves the
-- energy within consumption and needs fewer repairs.
{%- set energies = [('mwh', 1), ('kwh', 1000)] %}
with

source as (

    select * from {{ source('enedis', source_name) }}

),

renamed as (

    select
        annee as calendar_year,
        {%- for column in territory_columns %}
        {{ column }},
        {%- endfor %}
        {{ two_characters('code_departement') }} as departement_code,
        {{ two_characters('code_region') }} as region_code,
        upper(code_categorie_consommation) as consumption_category_code,
        upper(code_grand_secteur) as sector_code,
        code_secteur_naf2 as naf_division_code,
        nb_sites as delivery_points_count,
        conso_totale_mwh as energy_published_mwh,
        cast(nombre_de_mailles_secretisees as integer) as secret_meshes_count,
        part_thermosensible as thermosensitive_published_pct,
        conso_totale_usages_thermosensibles_mwh as thermosensitive_energy_published_mwh,
        thermosensibilite_totale_kwh_dju as thermosensitivity_published_kwh_per_dju,
        dju_a_tr as observed_dju,
        dju_a_tn as normal_dju,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

),

compared as (

    select
        *
        {%- for unit, thousand in energies %},
        thermosensitive_energy_published_mwh / {{ thousand }} / nullif(energy_published_mwh, 0) as share_if_{{ unit }},
        thermosensitive_energy_published_mwh / {{ thousand }} * 1000 / nullif(observed_dju, 0) as kwh_per_dju_if_{{ unit }}
        {%- endfor %}
    from renamed

),

powered as (

    select
        *
        {%- for unit, thousand in energies %},
        round(log10(nullif(greatest(thermosensitive_published_pct / 100 / nullif(share_if_{{ unit }}, 0), 0), 0)))
            as share_power_if_{{ unit }},
        round(log10(nullif(
            greatest(thermosensitivity_published_kwh_per_dju / nullif(kwh_per_dju_if_{{ unit }}, 0), 0), 0
        ))) as dju_power_if_{{ unit }}
        {%- endfor %}
    from compared

),

judged as (

    select
        *
        {%- for unit, thousand in energies %},
        coalesce(
            share_if_{{ unit }} between 0.001 and 1
            and abs(
                thermosensitive_published_pct / 100 / pow(10, share_power_if_{{ unit }}) / share_if_{{ unit }} - 1
            ) <= 0.005
            and abs(
                thermosensitivity_published_kwh_per_dju / pow(10, dju_power_if_{{ unit }}) / kwh_per_dju_if_{{ unit }} - 1
            ) <= 0.005,
            false
        ) as is_{{ unit }},
        {{ 1 if thousand > 1 else 0 }}
        + cast(share_power_if_{{ unit }} <> 0 as integer)
        + cast(dju_power_if_{{ unit }} <> 0 as integer) as repairs_if_{{ unit }}
        {%- endfor %}
    from powered

),

flagged as (

    select
        * exclude (
            share_if_mwh, share_if_kwh, kwh_per_dju_if_mwh, kwh_per_dju_if_kwh, share_power_if_mwh, share_power_if_kwh,
            dju_power_if_mwh, dju_power_if_kwh, is_mwh, is_kwh, repairs_if_mwh, repairs_if_kwh
        ),
        -- Where all that was consumed is secret, zero is published in place of a missing value.
        case
            when energy_published_mwh = 0 and secret_meshes_count > 0 then null
            else energy_published_mwh
        end as energy_mwh,
        coalesce(energy_published_mwh = 0 and secret_meshes_count > 0, false) as is_secret,
        case
            when is_mwh and (not is_kwh or repairs_if_mwh <= repairs_if_kwh) then thermosensitive_energy_published_mwh
            when is_kwh then thermosensitive_energy_published_mwh / 1000
        end as thermosensitive_energy_mwh,
        case
            when is_mwh and (not is_kwh or repairs_if_mwh <= repairs_if_kwh) then share_if_mwh
            when is_kwh then share_if_kwh
        end as thermosensitive_share,
        case
            when is_mwh and (not is_kwh or repairs_if_mwh <= repairs_if_kwh) then kwh_per_dju_if_mwh
            when is_kwh then kwh_per_dju_if_kwh
        end as thermosensitivity_kwh_per_dju,
        case
            when thermosensitivity_published_kwh_per_dju is null then null
            when is_mwh and (not is_kwh or repairs_if_mwh <= repairs_if_kwh)
                then case when repairs_if_mwh = 0 then 'as_published' else 'repaired' end
            when is_kwh then 'repaired'
            else 'unit_unknown'
        end as thermosensitivity_unit_code
    from judged

)

select * from flagged
{%- endmacro %}
