"""The page as a visitor uses it, in headless Chromium: nothing on the console, nothing asked of another origin (the
fixture ``visit`` asserts both after every test, and a violation of the page's policy is told on the console).
"""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from hutong.explorer.page_files import EDITOR, page_files
from tests.explorer.conftest import Visit

FIRST_PAINT_MS = 1_000
NEEDS_EDITOR = pytest.mark.skipif(EDITOR not in page_files(), reason="the editor is not built: make explorer")
PUBLIC = "#q=masked_for_the_liaison&a=branch_secretary&b=resident_public"
Visits = Callable[..., Visit]


def column(page: Page, side: int) -> str:
    return str(page.inner_text(f"[data-result='{side}']"))


def cells(page: Page, side: int, title: str) -> list[str]:
    """The texts of a column of a person's first table, without what is there for screen readers only."""
    return list(
        page.evaluate(
            """([side, title]) => {
                const table = document.querySelector(`[data-result='${side}'] table`);
                const at = [...table.tHead.rows[0].cells].findIndex(cell => cell.title.endsWith(title));
                return [...table.tBodies[0].rows].map(row => row.cells[at].innerText);
            }""",
            [side, title],
        )
    )


def test_the_same_question_has_two_answers(visit: Visits) -> None:
    page = visit().open()
    secretary, liaison = cells(page, 0, "mobile"), cells(page, 1, "mobile")
    assert len(secretary) == len(liaison) > 3
    assert not any("*" in mobile for mobile in secretary)
    assert all("*" in mobile for mobile in liaison)
    assert cells(page, 0, "name") == cells(page, 1, "name")
    assert page.locator("[data-result='1'] td .masked.differs").count() > 3
    assert page.locator("[data-result='0'] td .value.denied").count() == len(secretary)


def test_another_person_is_asked_as_soon_as_chosen(visit: Visits) -> None:
    visitor = visit()
    page = visitor.open()
    page.select_option("[data-person='1']", "resident_public")
    page.wait_for_function("() => document.querySelector('[data-result=\"1\"] table') === null")
    visitor.answered()
    assert "FIELD_DENIED" in column(page, 1)
    assert page.locator("[data-result='1'] dd > .value.denied").count() == 1
    assert "b=resident_public" in page.url


def test_each_question_of_the_demo_is_shown(visit: Visits) -> None:
    visitor = visit()
    page = visitor.open()
    names = [name for name in page.locator("#choice option").evaluate_all("all => all.map(o => o.value)") if name]
    assert len(names) > 20
    for name in names[::4]:
        page.select_option("#choice", name)
        visitor.answered()
        assert page.locator(".tally").count() + page.locator(".errors").count() >= 2, name


def test_the_plan_shows_decisions_statements_and_time(visit: Visits) -> None:
    page = visit().open()
    page.click("#tab-plan")
    shown = column(page, 1)
    assert page.locator("[data-result='1'] .timeline li").count() >= 3
    assert "手机号码 · 脱敏" in shown
    assert "出生日期 · 不予提供" in shown
    assert " ms" in shown
    page.locator("[data-result='1'] .steps details summary").nth(1).click()
    assert page.locator("[data-result='1'] .steps details[open] pre").count() == 1


def test_the_json_is_the_response(visit: Visits) -> None:
    page = visit().open()
    page.click("#tab-json")
    told = json.loads(page.inner_text("[data-result='1'] pre"))
    assert told["extensions"]["masked"] == ["Person.idNumber", "Person.mobile"]
    assert told["errors"][0]["extensions"]["code"] == "FIELD_DENIED"


def test_an_error_says_code_and_reason(visit: Visits) -> None:
    page = visit().open(PUBLIC)
    assert "FIELD_DENIED" in column(page, 1)
    assert "partyOrganisation.members" in column(page, 1)


def test_a_query_that_is_wrong_is_refused_in_both_columns(visit: Visits) -> None:
    visitor = visit()
    page = visitor.open()
    write(page, "{ nonsense }")
    page.click(".run")
    page.wait_for_selector("[data-result='1'] .errors")
    visitor.answered()
    assert "BAD_INPUT" in column(page, 0)
    assert "BAD_INPUT" in column(page, 1)
    assert page.input_value("#choice") == ""


def test_variables_that_are_no_json_are_told_where_they_stand(visit: Visits) -> None:
    page = visit().open()
    page.fill("#variables", "{nonsense")
    page.click(".run")
    assert page.inner_text("#variables-error").startswith("变量不是一个 JSON 对象")
    assert page.evaluate("document.activeElement.id") == "variables"


def test_the_language_is_the_browsers_and_then_the_one_chosen(visit: Visits) -> None:
    visitor = visit(locale="en-GB")
    page = visitor.open()
    assert page.get_attribute("html", "lang") == "en"
    assert "One question, two people" in page.inner_text("h1")
    assert "Mobile number" in column(page, 0)
    page.click("[data-language='zh']")
    visitor.answered()
    assert page.get_attribute("html", "lang") == "zh-CN"
    page.reload()
    visitor.answered()
    assert "同一个问题" in page.inner_text("h1")
    assert "手机号码" in column(page, 0)


def test_no_word_is_left_in_the_other_language(visit: Visits) -> None:
    page = visit(locale="en-GB").open()
    page.click("#tab-plan")
    fixed = page.locator("[data-word]").evaluate_all("all => all.map(e => e.textContent)")
    assert [word for word in fixed if any("\u4e00" <= letter <= "\u9fff" for letter in word)] == []


def test_everything_can_be_done_from_the_keyboard(visit: Visits) -> None:
    visitor = visit()
    page = visitor.open()
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        place = page.evaluate(
            """() => {
                const e = document.activeElement;
                const shown = e.shadowRoot ? e.shadowRoot.activeElement : e;
                const style = getComputedStyle(shown);
                const ring = style.outlineStyle !== 'none' || shown.closest('.cm-editor') !== null;
                return [e.id || e.dataset.person || e.dataset.language || e.className || e.tagName, ring];
            }"""
        )
        if place[0] == "BODY":
            break
        assert place[1], f"no visible focus on {place[0]}"
        reached.append(place[0])
    assert reached[0] == "skip"
    assert {"zh", "en", "choice", "variables", "purpose", "tab-data", "0", "1"} <= set(reached)
    assert "editor" in reached or "document" in reached
    assert "scroll" in reached  # a table that is wider than its place can be scrolled by keys


def test_ctrl_enter_runs_from_the_query(visit: Visits) -> None:
    visitor = visit()
    page = visitor.open()
    write(page, "{ __typename }")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("() => document.querySelector('[data-result=\"0\"]').innerText.includes('Query')")
    visitor.answered()
    assert "Query" in column(page, 1) or "__typename" in column(page, 1)


def test_arrow_keys_change_the_view(visit: Visits) -> None:
    page = visit().open()
    page.focus("#tab-data")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#tab-plan", "aria-selected") == "true"
    assert page.evaluate("document.activeElement.id") == "tab-plan"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.get_attribute("#tab-json", "aria-selected") == "true"


def test_results_are_said_to_those_who_hear_them(visit: Visits) -> None:
    page = visit().open()
    said = page.inner_text("#status")
    assert page.get_attribute("#status", "aria-live") == "polite"
    assert "A: " in said
    assert "处脱敏" in said


def test_a_phone_shows_the_answers_without_scrolling_sideways(visit: Visits) -> None:
    page = visit(viewport={"width": 360, "height": 740}, has_touch=True).open()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.click("#tab-plan")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert not page.is_visible("#variables")
    page.click("#writing summary")
    assert page.is_visible("#variables")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_first_paint_is_quick(visit: Visits, record_property: Callable[[str, object], None]) -> None:
    page = visit().open()
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    record_property("first contentful paint, ms", round(paint))
    assert paint < FIRST_PAINT_MS * 4  # of a busy machine; alone it is a fraction


@NEEDS_EDITOR
def test_the_editor_completes_and_checks_against_the_persons_own_schema(visit: Visits) -> None:
    visitor = visit()
    page = visitor.open()
    page.wait_for_selector("#editor .cm-content")
    write(page, "{ partyOrganisations { nodes { na")
    page.keyboard.press("Control+Space")
    page.wait_for_selector(".cm-tooltip-autocomplete")
    assert "name" in page.inner_text(".cm-tooltip-autocomplete")
    write(page, "{ nonsense }")
    page.wait_for_selector(".cm-lintRange-error")


@NEEDS_EDITOR
def test_a_disguised_name_is_unknown_to_the_editor_of_who_may_not_know_it(visit: Visits) -> None:
    visitor = visit()
    page = visitor.open("#q=masked_for_the_liaison&a=cadre_officer&b=resident_public")
    page.wait_for_selector("#editor .cm-content")
    write(page, '{ cadre(staffNo: "R00000002") { assessmentLabel } }')
    page.wait_for_selector(".cm-lintRange-error")
    page.select_option("#purpose", "cadre_management")
    write(page, '{ cadre(staffNo: "R00000002") { assessmentLabel  } }')
    page.wait_for_function("() => !document.querySelector('#editor').shadowRoot.querySelector('.cm-lintRange-error')")


def write(page: Page, text: str) -> None:
    """Replace the query, in the editor or the text area, by keyboard."""
    if page.is_visible("#document"):
        page.fill("#document", text)
        return
    page.click("#editor .cm-content")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
