{{ ore_long_form('consommation_annuelle_iris', [
    'code_iris as iris_code',
    'nom_iris as iris_label_fr',
    "lpad(code_commune, 5, '0') as commune_code",
    'nom_commune as commune_label_fr',
    is_municipal_arrondissement("lpad(code_commune, 5, '0')") ~ ' as is_municipal_arrondissement',
    'code_epci as epci_code',
    'nom_epci as epci_label_fr',
    two_characters('code_departement') ~ ' as departement_code',
]) }}
