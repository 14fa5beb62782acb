-- Detects a lost region, a doubled day or a wrong factor: where a period is complete in all twelve regions and in
-- France, the regions' energies add up to France's; and France lies between 350 and 600 TWh a year. A row is a period
-- that is off.
with

periods as (

    select * from {{ ref('consumption_by_period') }}
    where period_kind_code in ('year', 'season', 'month', 'iso_week')

),

regional as (

    select
        period_kind_code,
        period_year,
        period_of_year_code,
        sum(energy_mwh) as energy_mwh,
        min(coverage_share) as coverage_share
    from periods
    where territory_level_code = 'region'
    group by all
    having count(energy_mwh) = 12

),

off as (

    select
        country.*,
        regional.energy_mwh as regions_energy_mwh
    from periods as country
    inner join regional
        on
            country.period_kind_code = regional.period_kind_code
            and country.period_year = regional.period_year
            and country.period_of_year_code = regional.period_of_year_code
    where
        country.territory_level_code = 'country'
        and (
            -- Days that one region lacks are missing in France too: the means then differ a little.
            abs(country.energy_mwh / regional.energy_mwh - 1)
            > case when regional.coverage_share = 1 and country.coverage_share = 1 then 1e-9 else 0.01 end
            or (country.period_kind_code = 'year' and not country.energy_mwh between 350e6 and 600e6)
        )

)

select * from off
