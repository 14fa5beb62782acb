"""The site that refreshes itself: the script, from portals to a folder for the web, and the workflow that calls it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from loaders.catalog import CATALOG, Kind
from research.project import PROJECT
from tests.loaders import portal_stand_in
from tests.loaders.file_stand_in import FileHandler, Files
from tests.loaders.portal_stand_in import Published, StandIn
from tests.loaders.test_load_all import BY_INTERFACE

LOAD, TEMPERATURE = "consommation-quotidienne-brute-regionale", "temperature-quotidienne-regionale"
# Simulated rows pass for real ones, whose row counts of closed years are frozen: where all is held, they are compared.
PUBLISHED = {LOAD: "date >= '2020-01-01'", TEMPERATURE: "code_insee_region <> '94'"}
WORKFLOW = PROJECT / ".github" / "workflows" / "refresh.yml"


# Small sources pass for whole ones.
DATAELEC = """#!{python}
from dataclasses import replace

from command.main import main
from loaders.catalog import CATALOG

for name, entry in CATALOG.items():
    CATALOG[name] = replace(entry, fewest_rows=1)
main()
"""


def refresh(folder: Path, urls: dict[str, str]) -> subprocess.CompletedProcess[str]:
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "dataelec").write_text(DATAELEC.format(python=sys.executable))
    (programs / "dataelec").chmod(0o755)
    if not (programs / "dbt").exists():
        (programs / "dbt").symlink_to(Path(sys.executable).parent / "dbt")
    places = {
        "BIN": programs,
        "DATAELEC_LAKE": folder / "lake",
        "DATAELEC_DATABASE": folder / "live.duckdb",
        "DBT_TARGET_PATH": folder / "target",
    }
    return subprocess.run(
        [PROJECT / ".ci" / "refresh", folder / "site", folder / "moved.txt"],
        env={**os.environ, "NO_PROXY": "127.0.0.1", **{name: str(place) for name, place in places.items()}, **urls},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_portals_become_a_site_and_what_moved_is_said(sample_lake: Path, tmp_path: Path) -> None:
    interfaces = StandIn()
    for dataset, condition in PUBLISHED.items():
        entry = CATALOG[dataset]
        files = f"{sample_lake / entry.folder}/**/*.parquet"
        # Portals give instants without their zone.
        instants = {column.name for column in entry.columns if column.kind is Kind.INSTANT}
        columns = [f"timezone('UTC', {name}) as {name}" if name in instants else name for name in entry.names]
        with duckdb.connect() as reader:
            query = f"select {', '.join(columns)} from read_parquet('{files}') where {condition}"
            rows = reader.execute(query).to_arrow_table()
        interfaces.datasets[dataset] = Published(rows, entry.time_column)
    with portal_stand_in.running(interfaces), portal_stand_in.running(Files(), FileHandler) as others:
        urls = {}
        for entry in CATALOG.values():
            portal = interfaces if entry.portal in BY_INTERFACE else others
            urls[f"DATAELEC_{entry.portal.upper()}_URL"] = portal.url
        done = refresh(tmp_path, urls)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    site = tmp_path / "site"
    assert "Auvergne-Rhône-Alpes" in (site / "index.html").read_text("utf-8")
    assert "weather_sensitivity" in (site / "docs" / "index.html").read_text("utf-8")
    package = json.loads((site / "files" / "latest" / "datapackage.json").read_text("utf-8"))
    assert all((site / "files" / "latest" / resource["path"]).is_file() for resource in package["resources"])
    assert package["simulated"] is False
    moved = (tmp_path / "moved.txt").read_text("utf-8")
    assert "consommation-annuelle-brute-regionale: " in moved
    assert not re.search(rf"^{LOAD}: ", moved, re.MULTILINE)
    # With all portals gone what was laid out stays.
    before = sorted(site.rglob("*"))
    (tmp_path / "lake").rename(tmp_path / "gone")
    refused = refresh(tmp_path, dict.fromkeys(urls, "http://127.0.0.1:9"))
    assert refused.returncode == 3, refused.stderr
    assert sorted(site.rglob("*")) == before


def test_the_workflow_calls_what_is_proved_and_may_do_no_more_than_it_must() -> None:
    text = WORKFLOW.read_text("utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in used)
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read", "actions": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
        "report": {"issues": "write"},
    }
    assert yaml.safe_load(text)["permissions"] == {}
    assert set(re.findall(r"secrets\.(\w+)", text)) == {"GITHUB_TOKEN"}
    # What a portal says reaches a shell through the environment alone.
    scripts = [step["run"] for step in steps if "run" in step]
    assert "make site" in scripts
    assert [script for script in scripts if "${{" in script] == []
    assert "\nsite: $(VENV)/ready" in (PROJECT / "Makefile").read_text("utf-8")
    assert "\t.ci/refresh site\n" in (PROJECT / "Makefile").read_text("utf-8")


# Answers as GitHub's command line would, from files, and notes what it was asked to write or fetch.
GH = """#!/usr/bin/env bash
case "$1 $2" in
  api*) jq --raw-output "${@: -1}" artifacts.json ;;
  "issue list") jq --raw-output "${@: -1}" issues.json ;;
  "run download") echo "$3" >>asked.txt; cp kept.tar lake.tar ;;
  *) printf '%s\\n' "${@:1:3}" >>asked.txt; echo "${@: -1}" >body.txt ;;
esac
"""


def step(folder: Path, beginning: str, **environment: str) -> list[str]:
    """Run the workflow's step whose script begins so, with a stand-in for `gh`; what that was asked."""
    jobs = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"].values()
    scripts = [each.get("run", "") for job in jobs for each in job["steps"]]
    (script,) = (script for script in scripts if script.startswith(beginning))
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    (folder / "asked.txt").write_text("")
    environment |= {"PATH": f"{folder}:{os.environ['PATH']}", "GH_REPO": "some/where"}
    subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=environment, check=True)
    return (folder / "asked.txt").read_text().splitlines()


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not here; the workflow's machine has it")
def test_what_moved_opens_one_issue_and_its_end_is_the_workflows_own(tmp_path: Path) -> None:
    told = {"MOVED": "odre: ```\n@all", "RESULTS": "build: success, deploy: failure", "RUN": "r", "TITLE": "It moved"}
    (tmp_path / "issues.json").write_text('[{"number": 3, "title": "It moved, or not"}]')
    assert step(tmp_path, "# Without", **told)[:2] == ["issue", "create"]
    (tmp_path / "issues.json").write_text('[{"number": 3, "title": "Other"}, {"number": 7, "title": "It moved"}]')
    assert step(tmp_path, "# Without", **told) == ["issue", "comment", "7"]
    body = (tmp_path / "body.txt").read_text()
    assert "deploy: failure" in body
    assert body.count("```") == 2
    (tmp_path / "site.moved.txt").write_text("odre: gone\nEND_OF_REPORT\nother=1\n")
    step(tmp_path, "end=", GITHUB_OUTPUT=str(tmp_path / "output"))
    name, *lines, end = (tmp_path / "output").read_text().splitlines()
    assert name == f"report<<{end}"
    assert end not in lines


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not here; the workflow's machine has it")
def test_the_lake_comes_from_the_newest_run_of_the_repository_itself(tmp_path: Path) -> None:
    def artifact(run: int, day: int, repository: int = 1, *, expired: bool = False) -> dict[str, object]:
        where = {"id": run, "repository_id": 1, "head_repository_id": repository}
        return {"created_at": f"2026-01-0{day}T00:00:00Z", "expired": expired, "workflow_run": where}

    (tmp_path / "artifacts.json").write_text('{"artifacts": []}')
    assert step(tmp_path, "last=") == []
    found = [artifact(1, 1), artifact(3, 3), artifact(2, 2), artifact(4, 4, repository=9), artifact(5, 5, expired=True)]
    (tmp_path / "artifacts.json").write_text(json.dumps({"artifacts": found}))
    (tmp_path / "lake/live").mkdir(parents=True)
    (tmp_path / "lake/live/.lock").write_text("")
    step(tmp_path, "[ ! -d lake/live ]")
    (tmp_path / "lake.tar").rename(tmp_path / "kept.tar")
    shutil.rmtree(tmp_path / "lake")
    assert step(tmp_path, "last=") == ["3"]
    assert (tmp_path / "lake/live/.lock").exists()
