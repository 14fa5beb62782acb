{# (class, m² that a dwelling of the class is taken for): the middle, and what lies above the last bound by the census's
   means. Only the mean area of a stock is computed from them. #}
{% macro assumed_floor_areas(source) -%}
    {{ return({
        'census': [
            ('main_dwellings_under_30_m2_count', 22), ('main_dwellings_30_to_39_m2_count', 35),
            ('main_dwellings_40_to_59_m2_count', 50), ('main_dwellings_60_to_79_m2_count', 70),
            ('main_dwellings_80_to_99_m2_count', 90), ('main_dwellings_100_to_119_m2_count', 110),
            ('main_dwellings_120_m2_and_over_count', 150),
        ],
        'enedis': [
            ('dwellings_under_30_m2_pct', 22), ('dwellings_30_to_40_m2_pct', 35), ('dwellings_40_to_60_m2_pct', 50),
            ('dwellings_60_to_80_m2_pct', 70), ('dwellings_80_to_100_m2_pct', 90), ('dwellings_over_100_m2_pct', 125),
        ],
    }[source]) }}
{%- endmacro %}


{# A standard normal number that follows from a text alone, by Box and Muller from the text's md5: the same in every run, on
   every engine, whatever the order of rows. #}
{% macro normal_of_text(text) -%}
    sqrt(-2 * ln((cast('0x' || substr(md5({{ text }}), 1, 8) as bigint) + 0.5) / 4294967296.0))
    * cos(2 * pi() * (cast('0x' || substr(md5({{ text }}), 9, 8) as bigint) + 0.5) / 4294967296.0)
{%- endmacro %}
