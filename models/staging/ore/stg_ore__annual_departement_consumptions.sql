{{ ore_long_form('consommation_annuelle_departement', [
    two_characters('code_departement') ~ ' as departement_code',
    'nom_departement as departement_label_fr',
]) }}
