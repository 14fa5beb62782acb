"""Forecasts of the next day by LightGBM; run in the environment of `lightgbm-requirements.txt`."""

import sys

import lightgbm
import pandas as pd

SETTINGS = {
    "learning_rate": 0.03,
    "num_leaves": 15,
    "min_data_in_leaf": 10,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.8,
    "seed": 1,
    "num_threads": 1,
    "verbose": -1,
}


def main(given: str, answer: str) -> None:
    """Read days with what is known of each the day before; write what each month's model says of them."""
    days = pd.read_parquet(given)
    days["day_class_code"] = days["day_class_code"].astype("category")
    inputs = [
        name for name in days.columns if name not in ("region_code", "date_day", "load_mean_mw", "first_fit_month_on")
    ]
    parts = []
    for _, region in days.groupby("region_code"):
        for month, target in region[region["date_day"].dt.year == 2019].groupby(region["date_day"].dt.to_period("M")):
            known = region[region["first_fit_month_on"] <= month.start_time].dropna(subset=["load_mean_mw"])
            # Against the last day known whole: trees do not follow a level by themselves.
            change = known["load_mean_mw"] - known["load_last_day_mw"]
            model = lightgbm.train(SETTINGS, lightgbm.Dataset(known[inputs], change), num_boost_round=600)
            forecast = model.predict(target[inputs]) + target["load_last_day_mw"]
            parts.append(target.assign(load_forecast_mw=forecast))
    pd.concat(parts)[["region_code", "date_day", "load_forecast_mw"]].to_parquet(answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
