{{ enedis_area_form('consommation_par_secteur_epci', [
    "code_epci as epci_code",
    "nom_epci as epci_label_fr",
]) }}
