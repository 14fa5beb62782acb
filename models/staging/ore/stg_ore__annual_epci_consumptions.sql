{{ ore_long_form('consommation_annuelle_epci', [
    'code_epci as epci_code',
    'nom_epci as epci_label_fr',
]) }}
