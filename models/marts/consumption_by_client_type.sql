with

sector_energies as (select * from {{ ref('int_territory_sector_energies_united') }}),

enedis_energies as (select * from {{ ref('int_monthly_client_energies_summed') }}),

territories as (select * from {{ ref('dim_territories') }}),

regions_with_load as (

    select region_code
    from {{ ref('dim_regions') }}
    where is_load_published

),

client_types as (select * from {{ ref('dim_client_types') }}),

loads as (

    select * from {{ ref('consumption_by_period') }}
    where period_kind_code in ('year', 'month')

),

united as (

    select
        territory_level_code,
        territory_code,
        'year' as period_kind_code,
        calendar_year as period_year,
        'all' as period_of_year_code,
        client_type_code,
        dataset_code,
        energy_mwh,
        energy_observed_mwh,
        energy_excluded_mwh / nullif(energy_excluded_mwh + coalesce(energy_observed_mwh, 0), 0)
            as energy_excluded_share,
        coverage_share,
        consumption_correction_code,
        delivery_points_count,
        delivery_points_with_energy_count,
        secret_rows_count / source_rows_count as secrecy_share,
        -- Customers of the transmission grid come in, sectors are defined anew, the method changes.
        calendar_year in (2012, 2018, 2022) as is_break_on_year_before,
        is_simulated
    from sector_energies
    union all by name
    select
        territory_level_code,
        territory_code,
        'month' as period_kind_code,
        calendar_year as period_year,
        lpad(cast(calendar_month as varchar), 2, '0') as period_of_year_code,
        client_type_code,
        case client_type_code
            when 'enedis_enterprise' then 'conso-sup36-region'
            when 'enedis_all' then 'conso-inf36-region,conso-sup36-region'
            else 'conso-inf36-region'
        end as dataset_code,
        energy_mwh,
        energy_observed_mwh,
        case when energy_mwh is null then 'half_hours_in_part' end as consumption_correction_code,
        delivery_points_count,
        delivery_points_count as delivery_points_with_energy_count,
        coverage_share,
        false as is_break_on_year_before,
        is_simulated
    from enedis_energies

),

-- What the regions with a load consume, against their load: France beyond them has no load to compare with.
reconciled as (

    select
        united.territory_level_code,
        united.territory_code,
        united.period_kind_code,
        united.period_year,
        united.period_of_year_code,
        united.client_type_code,
        united.energy_mwh,
        loads.energy_mwh as load_energy_mwh
    from united
    inner join loads
        on
            united.territory_level_code = loads.territory_level_code
            and united.territory_code = loads.territory_code
            and united.period_kind_code = loads.period_kind_code
            and united.period_year = loads.period_year
            and united.period_of_year_code = loads.period_of_year_code
    where united.territory_level_code = 'region' and loads.energy_mwh is not null

),

reconciliations as (

    select * from reconciled
    union all by name
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        period_kind_code,
        period_year,
        period_of_year_code,
        client_type_code,
        {{ sum_of_all('energy_mwh', '(select count(*) from regions_with_load)') }} as energy_mwh,
        sum(load_energy_mwh) as load_energy_mwh
    from reconciled
    group by all

),

compared as (

    select
        *,
        energy_mwh / max(case when client_type_code in ('all', 'enedis_all') then energy_mwh end) over (
            partition by
                territory_level_code, territory_code, period_kind_code, period_year, period_of_year_code
        ) as energy_share_of_clients,
        energy_mwh / max(case when territory_level_code = 'country' then energy_mwh end) over (
            partition by period_kind_code, period_year, period_of_year_code, client_type_code
        ) as energy_share_of_country,
        case
            when
                not is_break_on_year_before
                and lag(period_year) over by_year = period_year - 1
                then 100 * (energy_mwh / nullif(lag(energy_mwh) over by_year, 0) - 1)
        end as energy_change_on_year_before_pct
    from united
    window by_year as (
        partition by
            territory_level_code, territory_code, period_kind_code, period_of_year_code, client_type_code
        order by period_year
    )

),

final as (

    select
        compared.territory_level_code,
        compared.territory_code,
        territories.territory_label_fr,
        compared.client_type_code,
        client_types.client_type_label_fr,
        client_types.client_type_label_en,
        client_types.nomenclature_code,
        compared.period_kind_code,
        cast(compared.period_year as integer) as period_year,
        compared.period_of_year_code,
        compared.dataset_code,
        compared.is_simulated,
        compared.energy_mwh,
        compared.energy_observed_mwh,
        compared.energy_excluded_share,
        compared.consumption_correction_code,
        compared.delivery_points_count,
        compared.energy_mwh / nullif(compared.delivery_points_with_energy_count, 0) as energy_per_delivery_point_mwh,
        territories.population_count,
        compared.energy_mwh / nullif(territories.population_count, 0) as energy_per_inhabitant_mwh,
        compared.energy_share_of_clients,
        compared.energy_share_of_country,
        compared.energy_change_on_year_before_pct,
        compared.is_break_on_year_before,
        compared.secrecy_share,
        compared.coverage_share,
        reconciliations.load_energy_mwh,
        reconciliations.energy_mwh / reconciliations.load_energy_mwh as energy_share_of_load
    from compared
    left join territories
        on
            compared.territory_level_code = territories.territory_level_code
            and compared.territory_code = territories.territory_code
    left join client_types on compared.client_type_code = client_types.client_type_code
    left join reconciliations
        on
            compared.territory_level_code = reconciliations.territory_level_code
            and compared.territory_code = reconciliations.territory_code
            and compared.period_kind_code = reconciliations.period_kind_code
            and compared.period_year = reconciliations.period_year
            and compared.period_of_year_code = reconciliations.period_of_year_code
            and compared.client_type_code = reconciliations.client_type_code

)

select * from final
