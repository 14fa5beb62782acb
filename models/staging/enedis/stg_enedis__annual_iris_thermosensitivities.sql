{{ enedis_area_form('consommation_par_secteur_iris', [
    "lpad(code_iris, 9, '0') as iris_code",
    "nom_iris as iris_label_fr",
    "lpad(code_commune, 5, '0') as commune_code",
    is_municipal_arrondissement("lpad(code_commune, 5, '0')") ~ ' as is_municipal_arrondissement',
    "code_epci as epci_code",
    "nom_epci as epci_label_fr",
]) }}
