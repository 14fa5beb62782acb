{{ enedis_half_hours('conso_sup36_region', 'secteur_activite') }}
