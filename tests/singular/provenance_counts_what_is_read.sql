-- Detects a file that is in the lake and not in its manifest, or the other way round: what the manifest counts is
-- what staging reads, source by source. A row is a dataset that differs.
with

provenance as (select * from {{ ref('data_provenance') }}),

{% set sources = [
    ('consommation-quotidienne-brute-regionale', 'stg_odre__half_hourly_loads'),
    ('temperature-quotidienne-regionale', 'stg_odre__daily_temperatures'),
    ('consommation-annuelle-brute-regionale', 'stg_odre__annual_consumptions'),
    ('eco2mix-regional-cons-def', 'stg_odre__half_hourly_productions'),
    ('eco2mix-national-cons-def', 'stg_odre__half_hourly_national_loads'),
    ('consommation-annuelle-d-electricite-et-gaz-par-commune', 'stg_ore__annual_commune_consumptions'),
    ('populations-legales-communes', 'stg_insee__commune_populations'),
    ('FD_LOGEMT', 'stg_insee__dwelling_records'),
] -%}
read as (

    {% for dataset, model in sources -%}
    select
        '{{ dataset }}' as dataset_code,
        count(*) as rows_count
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

off as (

    select
        read.dataset_code,
        read.rows_count as read_count,
        provenance.rows_count as counted_count
    from read
    left join provenance on read.dataset_code = provenance.dataset_code
    where read.rows_count is distinct from provenance.rows_count

)

select * from off
