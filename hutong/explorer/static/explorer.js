/** The explorer page: choose a question and two people, ask as both, show what each gets. */

import {ask, readContent, schemaOf} from "./asking.js";
import {column, unreachable} from "./column.js";
import {el, the} from "./dom.js";
import {differences} from "./marks.js";
import {language, said, sayFixedWords, speak, titled} from "./words.js";

/** @typedef {import("./asking.js").Content} Content */
/** @typedef {import("./asking.js").Outcome} Outcome */
/** @typedef {import("./asking.js").Person} Person */
/** @typedef {import("./asking.js").Question} Question */
/** @typedef {import("./column.js").View} View */
/** @typedef {{text: () => string, write: (text: string) => void, schema: (sdl: string) => void, label: (label: string) => void}} Editor */

const EDITOR = "/explorer/static/editor.js";
const SIDES = /** @type {const} */ ([0, 1]);

const form = the("#question", HTMLFormElement);
const choice = the("#choice", HTMLSelectElement);
const area = the("#document", HTMLTextAreaElement);
const variables = the("#variables", HTMLTextAreaElement);
const purpose = the("#purpose", HTMLSelectElement);
const schemaSide = the("#schema-of", HTMLSelectElement);
const people = SIDES.map((side) => the(`[data-person="${side}"]`, HTMLSelectElement));
const results = SIDES.map((side) => the(`[data-result="${side}"]`, HTMLElement));
const tabs = [...document.querySelectorAll("[role=tab]")].filter((tab) => tab instanceof HTMLButtonElement);

/** @type {Content} */
let content;
/** @type {Editor | null} */
let editor = null;
/** @type {View} */
let view = "data";
/** @type {(Outcome | Error | null)[]} */
let outcomes = [null, null];
let running = new AbortController();

the("#writing", HTMLDetailsElement).open = matchMedia("(min-width: 46rem)").matches;
sayFixedWords();
start().catch((/** @type {Error} */ error) => results.forEach((result) => result.replaceChildren(unreachable(error.message))));

async function start() {
  content = await readContent();
  const given = new URLSearchParams(location.hash.slice(1));
  const known = (/** @type {string | null} */ key) => content.persons.some((person) => person.key === key);
  fill();
  SIDES.forEach((side) => {
    const wanted = given.get(side ? "b" : "a");
    select(people[side]).value = wanted !== null && known(wanted) ? wanted : content.pair[side];
  });
  const wanted = given.get("q");
  choice.value = content.questions.some((question) => question.name === wanted) ? String(wanted) : content.first;
  take(true);
  listen();
  tellPeople();
  await run();
  if (content.editor) await openEditor();
  document.documentElement.dataset["ready"] = "";
}

/** The lists to choose from, in the current language; what is chosen stays chosen. */
function fill() {
  options(choice, [...content.questions.map((question) => [question.name, titled(question.title)]), ["", said("own")]]);
  for (const list of people) {
    options(list, content.persons.map((person) => [person.key, person.name ? `${titled(person.duty)} · ${person.name}` : titled(person.duty)]));
  }
  options(purpose, [["", said("noPurpose")], ...content.purposes.map(({code, title}) => [code, language() === "zh" ? `${title} ${code}` : code])]);
  options(schemaSide, [["0", "A"], ["1", "B"]]);
}

/**
 * @param {HTMLSelectElement} list
 * @param {string[][]} entries value and text
 */
function options(list, entries) {
  const chosen = list.value;
  list.replaceChildren(...entries.map(([value, text]) => el("option", {value}, text)));
  if (entries.some(([value]) => value === chosen)) list.value = chosen;
}

/** @returns {Question | undefined} */
function chosenQuestion() {
  return content.questions.find((question) => question.name === choice.value);
}

/** @param {number} side */
function personOf(side) {
  return /** @type {Person} */ (content.persons.find((person) => person.key === select(people[side]).value));
}

/** @param {HTMLSelectElement | undefined} list */
function select(list) {
  return /** @type {HTMLSelectElement} */ (list);
}

/**
 * Take over the chosen question's document, variables and purpose, and unless people were named, someone who asks it.
 *
 * @param {boolean} keepPeople
 */
function take(keepPeople) {
  const question = chosenQuestion();
  if (!question) return;
  const askers = question.asks.map((ask) => ask.person);
  if (!keepPeople && !SIDES.some((side) => askers.includes(personOf(side).key))) {
    select(people[0]).value = askers[0] ?? content.pair[0];
    const other = askers.find((person) => person !== askers[0]);
    if (other) select(people[1]).value = other;
  }
  const found = question.asks.find((ask) => ask.person === personOf(0).key) ?? question.asks[0];
  write(question.document);
  variables.value = JSON.stringify(found?.variables ?? {}, null, 2);
  variables.rows = Math.min(6, variables.value.split("\n").length);
  purpose.value = found?.purpose ?? "";
}

/** @param {string} text */
function write(text) {
  area.value = text;
  editor?.write(text);
}

function listen() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
      event.preventDefault();
      void run();
    }
  });
  choice.addEventListener("change", () => {
    take(false);
    tellPeople();
    void run();
  });
  area.addEventListener("input", () => (choice.value = ""));
  for (const list of people) {
    list.addEventListener("change", () => {
      tellPeople();
      void run();
    });
  }
  for (const list of [schemaSide, purpose]) list.addEventListener("change", () => void giveSchema());
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      speak(button.getAttribute("data-language") === "en" ? "en" : "zh");
      sayFixedWords();
      fill();
      tellPeople();
      editor?.label(said("document"));
      void run();
    });
  }
  for (const tab of tabs) {
    tab.addEventListener("click", () => show(tab));
    tab.addEventListener("keydown", (event) => {
      const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (by === undefined) return;
      const next = /** @type {HTMLButtonElement} */ (tabs.at((tabs.indexOf(tab) + by) % tabs.length));
      event.preventDefault();
      show(next);
      next.focus();
    });
  }
}

/** @param {HTMLButtonElement} chosen */
function show(chosen) {
  for (const tab of tabs) {
    tab.setAttribute("aria-selected", String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
  }
  the("#columns", HTMLElement).setAttribute("aria-labelledby", chosen.id);
  view = /** @type {View} */ (chosen.dataset["view"]);
  draw();
}

/** What each chosen person may see, the question's expectation, and the address that leads back here. */
function tellPeople() {
  for (const side of SIDES) {
    const person = personOf(side);
    const scope = Object.entries(person.scope).map(([name, value]) => `${name} ${value}`).join(" · ");
    const place = the(`[data-sees="${side}"]`, HTMLElement);
    place.replaceChildren(said("sees"), titled(person.sees));
    place.title = scope;
  }
  const question = chosenQuestion();
  const expected = language() === "en" ? question?.asks.find((asked) => asked.person === personOf(0).key)?.expect : undefined;
  const place = the("#expect", HTMLElement);
  place.hidden = !expected;
  place.textContent = expected ? said("expected") + expected : "";
  if (question) {
    const here = new URLSearchParams({q: question.name, a: personOf(0).key, b: personOf(1).key});
    history.replaceState(null, "", `#${here}`);
  } else history.replaceState(null, "", location.pathname);
  void giveSchema();
}

/** @returns {Record<string, unknown> | null} The variables, or null after saying what is wrong with them. */
function readVariables() {
  const problem = the("#variables-error", HTMLElement);
  try {
    const given = variables.value.trim() === "" ? {} : JSON.parse(variables.value);
    if (typeof given !== "object" || given === null || Array.isArray(given)) throw new SyntaxError("{ … }");
    problem.hidden = true;
    variables.removeAttribute("aria-invalid");
    return given;
  } catch (error) {
    problem.textContent = said("badVariables") + /** @type {Error} */ (error).message;
    problem.hidden = false;
    variables.setAttribute("aria-invalid", "true");
    variables.focus();
    return null;
  }
}

/** Ask as both people. A run that is still under way is given up. */
async function run() {
  const given = readVariables();
  if (!given) return;
  running.abort();
  const mine = (running = new AbortController());
  const operation = {query: editor ? editor.text() : area.value, variables: given, purpose: purpose.value};
  results.forEach((result) => result.setAttribute("aria-busy", "true"));
  const answered = await Promise.all(
    SIDES.map((side) => ask(personOf(side).key, operation, mine.signal).catch((/** @type {Error} */ error) => error)),
  );
  if (mine.signal.aborted) return;
  outcomes = answered;
  results.forEach((result) => result.removeAttribute("aria-busy"));
  draw();
}

function draw() {
  /** @type {string[]} */
  const sentences = [];
  SIDES.forEach((side) => {
    const [mine, other] = [outcomes[side], outcomes[1 - side]];
    const result = /** @type {HTMLElement} */ (results[side]);
    if (!mine) return;
    if (mine instanceof Error) {
      result.replaceChildren(unreachable(mine.message));
      sentences.push(said("unreachable"));
      return;
    }
    const differing = differences(mine.response.data, other && !(other instanceof Error) ? other.response.data : undefined);
    const {parts, sentence} = column(mine, differing, view, content.sources);
    result.replaceChildren(...parts);
    sentences.push(`${side ? "B" : "A"}: ${sentence}`);
  });
  the("#status", HTMLElement).textContent = sentences.join(". ");
}

/** Put the bundled editor in the text area's place; without it the text area stays. */
async function openEditor() {
  /** @type {{mount: (host: HTMLElement, options: object) => Editor}} */
  const bundle = await import(EDITOR);
  const host = the("#editor", HTMLElement);
  editor = bundle.mount(host, {
    text: area.value,
    label: said("document"),
    changed: (/** @type {string} */ text) => {
      if (text !== chosenQuestion()?.document) choice.value = "";
    },
    run: () => void run(),
  });
  area.hidden = true;
  host.hidden = false;
  the("#schema-field", HTMLElement).hidden = false;
  await giveSchema();
}

/** Let the editor know the schema of the person it completes for. */
async function giveSchema() {
  if (!editor) return;
  const wanted = () => /** @type {const} */ ([personOf(Number(schemaSide.value)).key, purpose.value]);
  const [person, why] = wanted();
  const sdl = await schemaOf(person, why);
  if (person === wanted()[0] && why === wanted()[1]) editor.schema(sdl);
}
