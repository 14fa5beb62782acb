with

source as (select * from {{ source('ademe', 'certificates') }}),

renamed as (

    select
        numero_dpe as certificate_code,
        numero_dpe_remplace as replaced_certificate_code,
        date_etablissement_dpe as established_on,
        upper(trim(etiquette_dpe)) as energy_label_code,
        lpad(code_insee_ban, 5, '0') as commune_code,
        {{ is_municipal_arrondissement("lpad(code_insee_ban, 5, '0')") }} as is_municipal_arrondissement,
        type_energie_principale_chauffage as heating_energy_label_fr,
        surface_habitable_logement as floor_area_m2,
        type_batiment as building_type_label_fr,
        periode_construction as build_period_label_fr,
        ubat_w_par_m2_k as envelope_w_per_m2_k,
        deperditions_enveloppe as heat_loss_published_w_per_k,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

),

flagged as (

    select
        *,
        coalesce(
            starts_with(lower(strip_accents(heating_energy_label_fr)), 'electricite'), false
        ) as is_electric_heating,
        -- A m² of floor loses some tenths of W/K behind good walls and some W/K behind bad ones.
        coalesce(heat_loss_published_w_per_k / nullif(floor_area_m2, 0) between 0.1 and 15, false)
            as is_heat_loss_plausible
    from renamed

),

final as (

    select
        *,
        case when is_heat_loss_plausible then heat_loss_published_w_per_k end as heat_loss_w_per_k
    from flagged

)

select * from final
