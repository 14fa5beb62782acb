{% macro warn_of_gaps(results) -%}
    {#- A dbt warning of a test counts rows and names none: the days are said here, at the end, where the list was built. -#}
    {%- if execute -%}
        {%- for result in results if result.node.name == 'int_gaps_listed' and result.status == 'success' -%}
            {%- set gaps = run_query(
                "select dataset_code, string_agg(distinct region_code, ' ' order by region_code), first_day, last_day, "
                ~ "any_value(days_count) from " ~ result.node.relation_name
                ~ " group by dataset_code, first_day, last_day order by 1, 3, 4 limit 20"
            ) -%}
            {%- for gap in gaps.rows -%}
                {%- do exceptions.warn(
                    "Not in the lake: " ~ gap[0] ~ ", region " ~ gap[1] ~ ", from " ~ gap[2] ~ " to " ~ gap[3]
                    ~ " (" ~ gap[4] ~ " days between periods that are held). Sums over them are null; import the days, "
                    ~ "or leave it so."
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
