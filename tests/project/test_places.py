"""Where lake and database are: dbt's two files and the Python settings say the same, whatever people set."""

import itertools
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
import yaml

from dataelec.settings import TARGETS, Settings
from research.project import PROJECT

LAKES = (None, "there/lake", "/else/lake", "gs://bucket/lake")
DATABASES = (None, "there/x.duckdb", "/else/x.duckdb")


def rendered(text: str, environment: dict[str, str], target: str) -> str:
    """What dbt makes of a value of its project or profile."""

    def env_var(name: str, default: str) -> str:
        return environment.get(name, default)

    return jinja2.Template(text).render(env_var=env_var, target=SimpleNamespace(name=target))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("home", [None, "/h"])
def test_dbt_and_the_command_look_in_one_place(target: str, home: str | None) -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    profile = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    lake_text = project["sources"]["dataelec"]["+meta"]["lake"]
    database_text = profile["dataelec"]["outputs"][target]["path"]
    for lake, database in itertools.product(LAKES, DATABASES):
        given = {"DATAELEC_HOME": home, "DATAELEC_LAKE": lake, "DATAELEC_DATABASE": database}
        environment = {name: value for name, value in given.items() if value is not None}
        settings = Settings.from_environment(environment)
        dbt_lake = rendered(lake_text, environment, target).strip()
        assert settings.lake_root(target) == (dbt_lake if "://" in dbt_lake else str(Path(dbt_lake).absolute()))
        assert settings.database_path(target) == Path(rendered(database_text, environment, target).strip())


def test_only_the_settings_read_the_environment() -> None:
    """Elsewhere it is handed on to other programs, or set for a library; never asked."""
    readers = {
        path.relative_to(PROJECT).as_posix()
        for package in ("command", "dataelec", "loaders", "maintenance", "publish", "report", "research", "simulation")
        for path in (PROJECT / package).rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in ("environ.get", "environ[", "getenv"))
    }
    assert readers == set()
