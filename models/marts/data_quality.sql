with

load_defects as (select * from {{ ref('int_load_defects_counted') }}),

source_defects as (select * from {{ ref('int_source_defects_counted') }}),

unknown_territories as (select * from {{ ref('int_unknown_territories_counted') }}),

comparisons as (select * from {{ ref('int_energies_compared') }}),

reasons as (select * from {{ ref('quality_reasons') }}),

provenance as (select * from {{ ref('data_provenance') }}),

unioned as (

    select * from load_defects
    union all by name
    select * from source_defects
    union all by name
    select * from unknown_territories
    union all by name
    select * from comparisons

),

final as (

    select
        unioned.territory_level_code,
        unioned.territory_code,
        cast(unioned.calendar_year as integer) as calendar_year,
        unioned.dataset_code,
        coalesce(provenance.is_simulated, false) as is_simulated,
        cast(unioned.quality_reason_code as varchar) as quality_reason_code,
        cast(reasons.treatment_code as varchar) as treatment_code,
        cast(unioned.affected_count as bigint) as affected_count,
        cast(reasons.affected_unit_code as varchar) as affected_unit_code,
        cast(reasons.reason_label_fr as varchar) as reason_label_fr,
        cast(reasons.reason_label_en as varchar) as reason_label_en,
        unioned.energy_mwh,
        unioned.energy_observed_mwh,
        unioned.energy_published_mwh,
        100 * (unioned.energy_mwh / nullif(unioned.energy_published_mwh, 0) - 1) as energy_difference_pct
    from unioned
    left join reasons on unioned.quality_reason_code = reasons.quality_reason_code
    left join provenance on unioned.dataset_code = provenance.dataset_code

)

select * from final
