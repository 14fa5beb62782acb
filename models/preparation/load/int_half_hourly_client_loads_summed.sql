with

small_customers as (

    select * from {{ ref('stg_enedis__half_hourly_small_customer_energies') }}

),

large_customers as (

    select * from {{ ref('stg_enedis__half_hourly_large_customer_energies') }}

),

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

-- Of rows of totals and the rows that they sum, one sort per profile and instant: the widest total that there is.
profiles as (

    select
        region_code,
        period_start_at_utc,
        client_type_code,
        customer_size_code,
        profile_label_fr,
        {%- for measure in ['load_published_mw', 'delivery_points_count'] %}
        coalesce(
            sum({{ measure }}) filter (is_power_band_total and is_sector_total),
            sum({{ measure }}) filter (is_power_band_total),
            sum({{ measure }}) filter (is_sector_total),
            sum({{ measure }})
        ) as {{ measure }},
        {%- endfor %}
        bool_or(_is_simulated) as is_simulated
    from customers
    where client_type_code is not null
    group by region_code, period_start_at_utc, client_type_code, customer_size_code, profile_label_fr

),

summed as (

    select
        region_code,
        period_start_at_utc,
        cast({{ paris_local_timestamp('period_start_at_utc') }} as date) as date_day,
        client_type_code,
        sum(load_published_mw) as load_mw,
        sum(delivery_points_count) as delivery_points_count,
        bool_or(is_simulated) as is_simulated
    from profiles
    group by region_code, period_start_at_utc, client_type_code

)

select * from summed
