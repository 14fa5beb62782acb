{#- Fewer measured areas than that tell no spread of what the key does not see. -#}
{%- set fewest_areas = 20 -%}
-- Empirical Bayes on the logarithm of measured over allocated, for départements and then for communes within: each area
-- goes from its share towards its measurement as far as the measurement is surer than the key.
with

allocated as (

    select * from {{ ref('int_area_slopes_allocated') }}
    where allocated_slope_w_per_c > 0

),

measured as (select * from {{ ref('int_area_slopes_measured') }}),

ratios as (

    select
        allocated.territory_level_code,
        allocated.territory_code,
        allocated.region_code,
        ln(measured.heating_slope_w_per_c / allocated.allocated_slope_w_per_c) as log_ratio,
        measured.own_log_variance
    from allocated
    inner join measured
        on
            allocated.territory_level_code = measured.territory_level_code
            and allocated.territory_code = measured.territory_code
    where measured.own_log_variance is not null

),

centred as (

    select
        *,
        -- Meters and half-hours need not agree on the level: what all measured areas have in common tells none apart.
        avg(log_ratio) over (partition by territory_level_code) as log_ratio_mean,
        count(*) over (partition by territory_level_code) as measured_count
    from ratios

),

moments as (

    select
        territory_level_code,
        -- What is left of the squares after the errors of measurement.
        sum(pow(log_ratio - log_ratio_mean, 2) - own_log_variance * (1 - 1 / measured_count)) / (count(*) - 1)
            as left_log_variance,
        sum(pow(log_ratio - log_ratio_mean, 2)) / (count(*) - 1) * sqrt(2 / (count(*) - 1)) as log_variance_se
    from centred
    group by territory_level_code
    having count(*) >= {{ fewest_areas }}

),

spreads as (

    select
        *,
        -- Within three errors of nothing it may be noise: then no measurement moves its area.
        case when left_log_variance > 3 * log_variance_se then left_log_variance else 0 end as told_log_variance
    from moments

),

weighed as (

    select
        centred.territory_level_code,
        centred.territory_code,
        case
            when spreads.told_log_variance + centred.own_log_variance = 0 then 0
            else spreads.told_log_variance / (spreads.told_log_variance + centred.own_log_variance)
        end as measurement_weight,
        centred.log_ratio - centred.log_ratio_mean as log_deviation
    from centred
    inner join spreads on centred.territory_level_code = spreads.territory_level_code

),

moved as (

    select
        allocated.*,
        weighed.measurement_weight,
        greatest(spreads.left_log_variance, spreads.log_variance_se) as key_log_variance,
        coalesce(weighed.measurement_weight * weighed.log_deviation, 0) as log_shift,
        -- A spread too small to be seen may still be as large as the error of estimating it.
        greatest(spreads.left_log_variance, spreads.log_variance_se) * (1 - coalesce(weighed.measurement_weight, 0))
            as own_log_variance
    from allocated
    left join spreads on allocated.territory_level_code = spreads.territory_level_code
    left join weighed
        on
            allocated.territory_level_code = weighed.territory_level_code
            and allocated.territory_code = weighed.territory_code

),

departement_shifts as (

    select
        territory_code as departement_code,
        log_shift,
        own_log_variance,
        measurement_weight
    from moved
    where territory_level_code = 'departement' and measurement_weight is not null

),

combined as (

    select
        moved.* exclude (log_shift, own_log_variance),
        -- Communes follow their département's panel, too, where there is one.
        moved.log_shift
        + case when moved.territory_level_code = 'commune' then coalesce(departement_shifts.log_shift, 0) else 0 end
            as log_shift,
        moved.own_log_variance,
        case
            when moved.territory_level_code = 'commune' then coalesce(departement_shifts.own_log_variance, 0)
            else 0
        end as departement_log_variance
    from moved
    left join departement_shifts on moved.departement_code = departement_shifts.departement_code
    where moved.is_base

),

expected as (

    select
        *,
        -- The mean of what is lognormal lies above its median.
        allocated_slope_w_per_c * exp(log_shift + coalesce(own_log_variance, 0) / 2) as expected_slope_w_per_c
    from combined

),

gaps as (

    select
        *,
        sum(allocated_slope_w_per_c) over by_region as region_slope_w_per_c,
        sum(expected_slope_w_per_c) over by_region as region_expected_w_per_c,
        -- What a region's slope leaves unexplained goes to its areas by their variances: the surest keep theirs.
        pow(expected_slope_w_per_c, 2) * (exp(coalesce(own_log_variance, 0) + departement_log_variance) - 1)
            as expected_variance,
        sum(pow(expected_slope_w_per_c, 2) * (exp(coalesce(own_log_variance, 0) + departement_log_variance) - 1))
            over by_region as region_variance
    from expected
    window by_region as (partition by region_code)

),

reconciled as (

    select
        * exclude (expected_variance, region_variance),
        expected_slope_w_per_c
        + expected_variance / nullif(region_variance, 0) * (region_slope_w_per_c - region_expected_w_per_c)
            as reconciled_slope_w_per_c
    from gaps

),

judged as (

    select
        *,
        -- Nobody's share may go by more than half of it: then all of the region's go by one factor.
        coalesce(
            bool_and(reconciled_slope_w_per_c between 0.5 * expected_slope_w_per_c and 2 * expected_slope_w_per_c)
                over (partition by region_code),
            false
        ) as is_reconciled
    from reconciled

),

final as (

    select
        * exclude (
            region_slope_w_per_c, region_expected_w_per_c, expected_slope_w_per_c, reconciled_slope_w_per_c,
            is_reconciled
        ),
        case
            when is_reconciled then reconciled_slope_w_per_c
            else expected_slope_w_per_c * region_slope_w_per_c / region_expected_w_per_c
        end as shrunk_slope_w_per_c
    from judged

)

select * from final
