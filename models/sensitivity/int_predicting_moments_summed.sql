with

products as (

    select * from {{ ref('int_predicting_products_accumulated') }}

),

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

sample_parts as (

    select sample_parts.*
    from {{ ref('int_sample_parts_listed') }} as sample_parts
    inner join samples using (sample_number)

),

parts as (

    select distinct part_number
    from sample_parts

),

departures as (

    select departures.*
    from {{ ref('int_departures_listed') }} as departures
    inner join parts using (part_number)

),

{{ summed_moments('predicting', 'true') }}

select * from summed_predicting
