/** Asking the hub: what there is to choose from, tokens, schemas, and operations with their plans. */

import {language} from "./words.js";

/**
 * @typedef {{zh: string, en: string}} Title
 * @typedef {{key: string, name: string, duty: Title, sees: Title, roles: string[], scope: Record<string, string>}} Person
 * @typedef {{person: string, variables: Record<string, unknown>, purpose: string | null, expect: string}} Ask
 * @typedef {{name: string, title: Title, document: string, asks: Ask[]}} Question
 * @typedef {{name: string, title: Title, engine: string}} Source
 * @typedef {object} Content
 * @property {Person[]} persons
 * @property {Question[]} questions
 * @property {string} first
 * @property {[string, string]} pair
 * @property {{code: string, title: string}[]} purposes
 * @property {Source[]} sources
 * @property {boolean} editor
 *
 * @typedef {(string | number)[]} Path
 * @typedef {{message: string, path?: Path, extensions?: {code?: string, coordinate?: string, reason?: string}}} Failure
 * @typedef {{data?: any, errors?: Failure[], extensions?: {masked?: string[]}}} Body
 * @typedef {"clear" | "masked" | "denied" | "by row"} Decided
 * @typedef {object} PlanItem
 * @property {"parameters" | "before" | "step" | "group" | "statement" | "note" | "decision"} kind
 * @property {string} text
 * @property {string[]} path
 * @property {Decided} [decided]
 * @property {string} [coordinate]
 * @property {Title} [title]
 * @property {string} [connector]
 * @property {string} [statement]
 * @property {number[]} [runs]
 * @property {PlanItem[]} below
 * @typedef {object} Fetch
 * @property {string} connector
 * @property {string} statement
 * @property {number} started
 * @property {number} seconds
 * @property {number | null} keys
 * @property {number} rows
 * @property {string | null} error
 * @typedef {{response: Body, plan: PlanItem[] | null, fetches: Fetch[], seconds: {plan: number, run: number}}} Outcome
 * @typedef {{query: string, variables: Record<string, unknown>, purpose: string}} Operation
 */

const JSON_TYPE = {"Content-Type": "application/json"};

/** @type {Map<string, Promise<string>>} */
const tokens = new Map();
/** @type {Map<string, Promise<string>>} */
const schemas = new Map();

/** @returns {Promise<Content>} */
export async function readContent() {
  return (await called("/explorer/content", {})).json();
}

/**
 * @param {string} person
 * @param {Operation} operation
 * @param {AbortSignal} signal
 * @returns {Promise<Outcome>}
 */
export async function ask(person, {query, variables, purpose}, signal) {
  const send = async () =>
    fetch("/explorer/run", {
      method: "POST",
      body: JSON.stringify({query, variables}),
      headers: {
        ...JSON_TYPE,
        ...(await bearer(person)),
        "Accept-Language": language(),
        ...stated(purpose),
      },
      signal,
    });
  let answer = await send();
  if (answer.status === 401) {
    tokens.delete(person); // it has run out: once more with a new one
    answer = await send();
  }
  const body = await answer.json();
  return answer.ok ? body : {response: body, plan: null, fetches: [], seconds: {plan: 0, run: 0}};
}

/**
 * The schema as a person sees it who states a purpose (if any), in SDL.
 *
 * @param {string} person
 * @param {string} purpose
 * @returns {Promise<string>}
 */
export function schemaOf(person, purpose) {
  return once(schemas, `${person} ${purpose}`, async () => {
    const headers = {...JSON_TYPE, ...(await bearer(person)), ...stated(purpose)};
    return (await called("/explorer/schema", {method: "POST", headers})).text();
  });
}

/**
 * @param {string} purpose
 * @returns {Record<string, string>}
 */
function stated(purpose) {
  return purpose ? {"Hutong-Purpose": purpose} : {};
}

/** @param {string} person */
async function bearer(person) {
  const token = await once(tokens, person, async () => {
    const given = await called(`/explorer/token/${encodeURIComponent(person)}`, {method: "POST", headers: JSON_TYPE});
    return (await given.json()).token;
  });
  return {Authorization: `Bearer ${token}`};
}

/**
 * @param {string} address
 * @param {RequestInit} options
 */
async function called(address, options) {
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

/**
 * What `make` gives for a key, made once; a failure is not kept.
 *
 * @param {Map<string, Promise<string>>} kept
 * @param {string} key
 * @param {() => Promise<string>} make
 * @returns {Promise<string>}
 */
function once(kept, key, make) {
  const known = kept.get(key);
  if (known) return known;
  const made = make();
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  return made;
}
