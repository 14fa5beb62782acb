{{ ore_wide_form('consommation_annuelle_par_secteur_commune', [
    "lpad(code_commune, 5, '0') as commune_code",
    'libelle_commune as commune_label_fr',
    is_municipal_arrondissement("lpad(code_commune, 5, '0')") ~ ' as is_municipal_arrondissement',
    'code_epci as epci_code',
    'libelle_epci as epci_label_fr',
    two_characters('code_departement') ~ ' as departement_code',
]) }}
