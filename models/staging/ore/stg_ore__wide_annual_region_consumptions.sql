{{ ore_wide_form('consommation_annuelle_par_secteur_region', []) }}
