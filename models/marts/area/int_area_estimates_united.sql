-- Shares and shrunk slopes of the areas that a region is shared out to, and their sums by département and EPCI.
{%- set sums = [
    ('departement', 'departement_code'),
    ('epci', 'epci_code'),
] %}
with

shrunk as (select * from {{ ref('int_area_slopes_shrunk') }}),

anchors as (select * from {{ ref('int_region_slopes_anchored') }}),

areas as (

    select
        shrunk.*,
        shrunk.measurement_weight is not null as is_measured,
        -- A measurement within its own noise moves nothing and is not informative.
        coalesce(shrunk.measurement_weight > 0, false) as is_told,
        anchors.heating_slope_mw_per_c_se / anchors.heating_slope_mw_per_c as anchor_relative_se
    from shrunk
    inner join anchors on shrunk.region_code = anchors.region_code

),

estimates as (

    select
        *,
        'allocated' as estimate_code,
        allocated_slope_w_per_c as slope_w_per_c,
        key_log_variance as log_variance
    from areas
    union all
    select
        *,
        'shrunk' as estimate_code,
        shrunk_slope_w_per_c as slope_w_per_c,
        own_log_variance + departement_log_variance as log_variance
    from areas

),

placed as (

    select
        territory_level_code as area_level_code,
        territory_code as area_code,
        * exclude (territory_level_code, territory_code)
    from estimates

),

levelled as (

    select
        area_level_code as territory_level_code,
        area_code as territory_code,
        *
    from placed
    {%- for level, code in sums %}
    union all
    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        *
    from placed
    where area_level_code = 'commune' and {{ code }} is not null
    {%- endfor %}

),

summed as (

    select
        territory_level_code,
        territory_code,
        estimate_code,
        arg_max(region_code, slope_w_per_c) as region_code,
        arg_max(departement_code, slope_w_per_c) as departement_code,
        arg_max(epci_code, slope_w_per_c) as epci_code,
        max(area_level_code) as area_level_code,
        count(*) as areas_count,
        sum(dwellings_count) as dwellings_count,
        sum(main_dwellings_count) as main_dwellings_count,
        sum(electrically_heated_main_dwellings_count) as electrically_heated_main_dwellings_count,
        sum(slope_w_per_c) as slope_w_per_c,
        -- Errors of the areas' own are apart, that of the region is one for all of them.
        sqrt(sum(pow(slope_w_per_c, 2) * (exp(log_variance) - 1))) as own_se_w_per_c,
        sum(slope_w_per_c * anchor_relative_se) as region_se_w_per_c,
        coalesce(sum(allocated_slope_w_per_c) filter (is_measured), 0) / sum(allocated_slope_w_per_c) as measured_share,
        coalesce(sum(allocated_slope_w_per_c) filter (is_told), 0) / sum(allocated_slope_w_per_c) as told_share,
        sum(shrunk_slope_w_per_c) filter (is_told) as told_shrunk_w_per_c,
        sum(allocated_slope_w_per_c) filter (is_told) as told_allocated_w_per_c,
        sqrt(sum(pow(shrunk_slope_w_per_c, 2) * (exp(own_log_variance) - 1)) filter (is_told)) as told_own_se_w_per_c,
        -- Of one area, the ratio that its measurement moved it by; a sum of areas has the ratio of the sums.
        max(log_shift) as area_log_shift,
        bool_or(is_simulated) as is_simulated
    from levelled
    group by territory_level_code, territory_code, estimate_code

),

final as (

    select
        *,
        sqrt(pow(own_se_w_per_c, 2) + pow(region_se_w_per_c, 2)) as slope_w_per_c_se
    from summed

)

select * from final
