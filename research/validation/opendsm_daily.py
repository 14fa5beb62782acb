"""OpenDSM's daily model on prepared days; runs in an environment of its own and knows nothing of this project.

    python opendsm_daily.py DAYS.parquet PREDICTED.parquet

DAYS has ``group``, ``date_day``, ``load_mean_mw``, ``temperature_c`` and ``is_held_out``; PREDICTED gets
``group``, ``date_day`` and ``load_predicted_mw`` for the held-out days. Each group is fitted alone.
"""

import logging
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor

import pandas as pd
from opendsm.eemeter import DailyBaselineData, DailyModel, DailyReportingData

TIMEZONE = "Europe/Paris"


def predict(days: pd.DataFrame) -> pd.DataFrame:
    """Fit the days that are not held out and predict those that are.

    The library wants degrees Fahrenheit, and judges more than a year of training insufficient: it fits all the same
    when told to. It is given its default settings.
    """
    table = pd.DataFrame(
        {
            "observed": days["load_mean_mw"].to_numpy(),
            "temperature": days["temperature_c"].to_numpy() * 1.8 + 32,
        },
        index=pd.DatetimeIndex(days["date_day"]).tz_localize(TIMEZONE),
    )
    is_held_out = days["is_held_out"].to_numpy()
    training = DailyBaselineData(table[~is_held_out], is_electricity_data=True)
    model = DailyModel().fit(training, ignore_disqualification=True)
    reporting = DailyReportingData(table[is_held_out], is_electricity_data=True)
    predicted = model.predict(reporting, ignore_disqualification=True)["predicted"].dropna()
    return pd.DataFrame(
        {"date_day": predicted.index.tz_localize(None).normalize(), "load_predicted_mw": predicted.to_numpy()}
    )


def main() -> None:
    """Predict every group of the file named first into the file named second, two groups at a time."""
    days = pd.read_parquet(sys.argv[1]).sort_values(["group", "date_day"])
    groups, parts = zip(*days.groupby("group"), strict=True)
    with ProcessPoolExecutor(max_workers=2, initializer=_silence) as pool:
        predicted = [table.assign(group=group) for group, table in zip(groups, pool.map(predict, parts), strict=True)]
    pd.concat(predicted, ignore_index=True).to_parquet(sys.argv[2])


def _silence() -> None:
    """The library warns about every series longer than a year, which is known here."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)


if __name__ == "__main__":
    main()
