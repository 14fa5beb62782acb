with

small_customers as (select * from {{ ref('stg_enedis__half_hourly_small_customer_energies') }}),

large_customers as (select * from {{ ref('stg_enedis__half_hourly_large_customer_energies') }}),

customers as (

    select
        *,
        'small' as customer_size_code
    from small_customers
    union all by name
    select
        *,
        'large' as customer_size_code
    from large_customers

),

-- Of rows of totals and the rows that they sum, one sort per profile and instant: the widest total that there is. A row
-- without energy is withheld: a sum that lacks it is none, and details whose delivery points are not all of the total's
-- do not stand in for it.
{% set sorts = [
    ('grand_total', 'is_power_band_total and is_sector_total'),
    ('band_totals', 'is_power_band_total and not is_sector_total'),
    ('sector_totals', 'is_sector_total and not is_power_band_total'),
    ('details', 'not is_power_band_total and not is_sector_total'),
] -%}
sorts as (

    select
        region_code,
        period_start_at_utc,
        client_type_code,
        customer_size_code,
        profile_label_fr,
        {%- for sort, condition in sorts %}
        case
            when count(load_published_mw) filter ({{ condition }}) = count(*) filter ({{ condition }})
                then sum(load_published_mw) filter ({{ condition }})
        end as {{ sort }}_load_mw,
        sum(delivery_points_count) filter ({{ condition }}) as {{ sort }}_points_count,
        {%- endfor %}
        bool_or(_is_simulated) as is_simulated
    from customers
    where client_type_code is not null
    group by region_code, period_start_at_utc, client_type_code, customer_size_code, profile_label_fr

),

profiles as (

    select
        *,
        coalesce(
            grand_total_points_count, band_totals_points_count, sector_totals_points_count, details_points_count
        ) as delivery_points_count
    from sorts

),

chosen as (

    select
        *,
        coalesce(
            grand_total_load_mw,
            {%- for sort, condition in sorts[1:] %}
            case
                when delivery_points_count is null or {{ is_whole(sort ~ '_points_count / delivery_points_count') }}
                    then {{ sort }}_load_mw
            end{{ ',' if not loop.last }}
            {%- endfor %}
        ) as load_published_mw
    from profiles

),

summed as (

    select
        region_code,
        period_start_at_utc,
        cast({{ paris_local_timestamp('period_start_at_utc') }} as date) as date_day,
        client_type_code,
        {{ sum_of_all('load_published_mw', 'count(*)') }} as load_mw,
        sum(delivery_points_count) as delivery_points_count,
        bool_or(is_simulated) as is_simulated
    from chosen
    group by region_code, period_start_at_utc, client_type_code

)

select * from summed
