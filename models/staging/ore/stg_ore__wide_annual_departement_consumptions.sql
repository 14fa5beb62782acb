{{ ore_wide_form('consommation_annuelle_par_secteur_departement', [
    two_characters('code_departement') ~ ' as departement_code',
    'libelle_departement as departement_label_fr',
]) }}
