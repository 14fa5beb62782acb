with

half_hours as (

    select * from {{ ref('int_half_hourly_loads_flagged') }}

),

daily_loads as (

    select * from {{ ref('fct_daily_load') }}

),

temperatures as (

    select * from {{ ref('fct_daily_temperature') }}

),

annual_energies as (

    select * from {{ ref('int_annual_energies_reconciled') }}

),

reasons as (

    select * from {{ ref('quality_reasons') }}

),

excluded_half_hours as (

    select
        'consommation-quotidienne-brute-regionale' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        exclusion_code as quality_reason_code,
        count(*) as affected_count
    from half_hours
    where exclusion_code is not null
    group by all

),

repaired_dates as (

    select
        'consommation-quotidienne-brute-regionale' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        'published_date_different' as quality_reason_code,
        count(*) as affected_count
    from half_hours
    where is_published_date_different
    group by all

),

absent_half_hours as (

    select
        'consommation-quotidienne-brute-regionale' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        case
            when hours_in_local_day_count = 25 and half_hours_expected_count - half_hours_published_count = 2
                then 'autumn_hour_not_published'
            else 'half_hour_not_published'
        end as quality_reason_code,
        sum(half_hours_expected_count - half_hours_published_count) as affected_count
    from daily_loads
    where half_hours_published_count < half_hours_expected_count
    group by all

),

uncounted_days as (

    select
        'consommation-quotidienne-brute-regionale' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        'day_below_90_pct_valid' as quality_reason_code,
        count(*) as affected_count
    from daily_loads
    where not is_counted
    group by all

),

corrected_temperatures as (

    select
        'temperature-quotidienne-regionale' as dataset_code,
        region_code,
        year(date_day) as calendar_year,
        case temperature_correction_code
            when 'interpolated' then 'temperature_interpolated'
            else 'temperature_missing'
        end as quality_reason_code,
        count(*) as affected_count
    from temperatures
    where temperature_correction_code is not null
    group by all

),

counted as (

    select * from excluded_half_hours
    union all
    select * from repaired_dates
    union all
    select * from absent_half_hours
    union all
    select * from uncounted_days
    union all
    select * from corrected_temperatures

),

counts as (

    select
        'region' as territory_level_code,
        counted.region_code as territory_code,
        counted.calendar_year,
        counted.dataset_code,
        counted.quality_reason_code,
        reasons.treatment_code,
        counted.affected_count,
        reasons.affected_unit_code,
        reasons.reason_label_fr
    from counted
    left join reasons on counted.quality_reason_code = reasons.quality_reason_code

),

reconciled as (

    select
        annual_energies.territory_level_code,
        annual_energies.territory_code,
        annual_energies.calendar_year,
        'consommation-annuelle-brute-regionale' as dataset_code,
        'annual_energy_against_published' as quality_reason_code,
        reasons.treatment_code,
        reasons.affected_unit_code,
        reasons.reason_label_fr,
        annual_energies.energy_mwh,
        annual_energies.energy_published_mwh,
        annual_energies.energy_observed_mwh
    from annual_energies
    left join reasons on reasons.quality_reason_code = 'annual_energy_against_published'

),

unioned as (

    select * from counts
    union all by name
    select * from reconciled

),

final as (

    select
        territory_level_code,
        territory_code,
        cast(calendar_year as integer) as calendar_year,
        dataset_code,
        cast(quality_reason_code as varchar) as quality_reason_code,
        cast(treatment_code as varchar) as treatment_code,
        cast(affected_count as bigint) as affected_count,
        cast(affected_unit_code as varchar) as affected_unit_code,
        cast(reason_label_fr as varchar) as reason_label_fr,
        energy_mwh,
        energy_observed_mwh,
        energy_published_mwh,
        100 * (energy_mwh / nullif(energy_published_mwh, 0) - 1) as energy_difference_pct
    from unioned

)

select * from final
