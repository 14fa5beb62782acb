"""The documentation page in a real browser: from disk, with the network off."""

from pathlib import Path

import pytest

from maintenance.docs_page import mend
from tests.report.conftest import Browser

pytestmark = pytest.mark.slow

MART = "#!/model/model.dataelec.weather_sensitivity"


@pytest.fixture(scope="module")
def site(documented: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("docs") / "static_index.html"
    page.write_text(mend((documented / "static_index.html").read_text("utf-8")), "utf-8")
    return page


def visit(browser: Browser, site: Path, route: str, needle: str) -> str:
    """Open a route of the page and wait until it shows a text; its whole text."""
    browser.resize(1440)
    browser.driver.get("about:blank")
    browser.driver.get_log("browser")
    browser.driver.get(f"{site.as_uri()}{route}")
    browser.wait(lambda: needle in browser.run("return document.body.innerText"), 30)
    return str(browser.run("return document.body.innerText"))


def test_overview_opens_offline(browser: Browser, site: Path) -> None:
    text = visit(browser, site, "#!/overview", "Where to start")
    assert "simulated" in text
    assert browser.complaints() == []
    assert browser.run("return performance.getEntriesByType('resource').map((each) => each.name)") == []


def test_a_mart_shows_columns_with_unit_and_french_term(browser: Browser, site: Path) -> None:
    text = visit(browser, site, MART, "heating_slope_mw_per_c_ci95_low")
    assert "thermosensibilité" in text
    assert "MW/°C" in text
    assert browser.complaints() == []


@pytest.mark.parametrize(
    ("term", "table"),
    [("gradient de climatisation", "weather_sensitivity"), ("taux de chauffage électrique", "stg_enedis")],
)
def test_search_finds_a_column_by_its_french_term(browser: Browser, site: Path, term: str, table: str) -> None:
    visit(browser, site, "#!/overview", "Where to start")
    box = browser.driver.find_element("css selector", "input[placeholder^=Search]")
    box.send_keys(term)
    browser.wait(lambda: "search results" in browser.run("return document.body.innerText"), 30)
    browser.driver.find_element("id", "column_description").click()
    browser.wait(lambda: table in browser.run("return document.querySelector('.app-content').innerText"), 30)
    assert browser.complaints() == []


def test_lineage_opens_from_source_to_mart(browser: Browser, site: Path) -> None:
    visit(browser, site, f"{MART}?g_v=1", "heating_slope_mw_per_c")
    browser.wait(lambda: browser.run("return document.querySelectorAll('canvas').length") > 0, 30)
    shown = browser.run(
        "return angular.element(document.body).injector().get('graph').graph.elements.map((each) => each.data.id)"
    )
    assert "source.dataelec.odre.consommation_quotidienne_brute_regionale" in shown
    assert "model.dataelec.weather_sensitivity" in shown
    assert "exposure.dataelec.report" in shown
    assert browser.complaints() == []
