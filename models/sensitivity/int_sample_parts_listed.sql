with

samples as (

    select * from {{ ref('int_samples_listed') }}

),

window_scopes as (

    select distinct
        window_code,
        regime_scope_code
    from {{ ref('int_window_days_listed') }}

),

parts as (

    select distinct
        regime_scope_code,
        left_out_kind_code,
        left_out_code,
        part_number
    from {{ ref('int_departures_listed') }}

),

listed as (

    select
        samples.sample_number,
        samples.series_number,
        parts.part_number
    from samples
    inner join window_scopes using (window_code)
    inner join parts using (regime_scope_code, left_out_kind_code, left_out_code)

)

select * from listed
