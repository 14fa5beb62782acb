{{ ore_long_form('consommation_annuelle_region', ['nom_region as region_label_fr']) }}
