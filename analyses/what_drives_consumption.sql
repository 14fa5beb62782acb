-- What does consumption depend on: how much of its ups and downs, and of its energy, goes back to what?
-- Shares of the variance of daily loads and of energy over the whole span; each adds up to 1 by territory. Energy is
-- told against a calm, cloudless midweek day without heating or cooling, so that the rest of it is the base load; the
-- rest of the variance is what the fit does not explain. Cold months are dark too: the share of temperature depends on
-- whether season and light are counted before it. It is the mean over all orders, with its bounds beside it. A share
-- is no forecast: what a milder winter saves says the slope. A driver that no term could be fitted for is not shown.
select
    drivers.territory_label_fr,
    drivers.driver_code,
    labels.label_fr as driver_label_fr,
    round(drivers.variance_share, 3) as variance_share,
    round(drivers.variance_share_least, 3) as variance_share_least,
    round(drivers.variance_share_greatest, 3) as variance_share_greatest,
    round(drivers.energy_share, 3) as energy_share,
    drivers.is_simulated
from {{ schema_and_table('consumption_drivers') }} as drivers
inner join {{ schema_and_table('dim_labels') }} as labels
    on
        drivers.driver_code = labels.code
        and labels.code_name = 'driver_code'
where
    drivers.client_type_code = 'all'
    and drivers.driver_reason_code is null
order by drivers.territory_code = 'FR' desc, drivers.territory_label_fr asc, drivers.variance_share desc
