with

dates as (select * from {{ ref('int_dates_described') }})

select * from dates
