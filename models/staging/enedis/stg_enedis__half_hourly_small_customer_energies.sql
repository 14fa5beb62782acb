{{ enedis_half_hours('conso_inf36_region', 'cast(null as varchar)') }}
