with

products as (select * from {{ ref('int_products_accumulated') }}),

samples as (select * from {{ ref('int_samples_listed') }}),

departures as (select * from {{ ref('int_departures_listed') }}),

window_scopes as (

    select distinct
        window_code,
        regime_scope_code
    from {{ ref('int_window_days_listed') }}

),

-- Variants have the terms that are fitted to them.
{{ summed_moments('daily', 'is_daily') }},

{{ summed_moments('variants', 'not is_daily') }},

summed as (

    select * from summed_daily
    union all by name
    select * from summed_variants

)

select * from summed
