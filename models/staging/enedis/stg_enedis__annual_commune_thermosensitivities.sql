{{ enedis_area_form('consommation_par_secteur_commune', [
    "lpad(code_commune, 5, '0') as commune_code",
    "nom_commune as commune_label_fr",
    is_municipal_arrondissement("lpad(code_commune, 5, '0')") ~ ' as is_municipal_arrondissement',
    "code_epci as epci_code",
    "nom_epci as epci_label_fr",
]) }}
