with

products as (select * from {{ ref('int_predicting_products_accumulated') }}),

windows as (

    select * from {{ ref('windows') }}
    where window_kind_code <> 'season'

),

-- A single season holds too little for so many terms.
samples as (

    select samples.*
    from {{ ref('int_samples_listed') }} as samples
    inner join windows using (window_code)
    where
        samples.is_daily
        and samples.left_out_kind_code in ('none', 'quarter', 'hold_out')

),

window_scopes as (

    select distinct
        window_code,
        regime_scope_code
    from {{ ref('int_window_days_listed') }}

),

departures as (select * from {{ ref('int_departures_listed') }}),

{{ summed_moments('predicting', 'true') }}

select * from summed_predicting
