/**
 * What each value of an answer is: clear, masked, withheld, failed, or just null.
 *
 * The response says it by error path, `extensions.masked` and `_meta`, the plan by decision; an error stands once for
 * all rows of its coordinate. Nothing here touches the page.
 */

/** @typedef {import("./asking.js").Outcome} Outcome */
/** @typedef {import("./asking.js").Path} Path */
/** @typedef {import("./asking.js").PlanItem} PlanItem */
/** @typedef {import("./asking.js").Failure} Failure */
/** @typedef {{kind: "clear" | "null" | "masked" | "denied" | "failed", failure?: Failure}} Mark */
/** @typedef {{masked: number, denied: number, failed: number, differs: number, rows: number}} Tally */

export class Marks {
  /** @param {Outcome} outcome */
  constructor(outcome) {
    /** @type {Map<string, PlanItem>} */
    this.items = new Map();
    /** @type {Map<string, Failure>} */
    this.exact = new Map();
    /** @type {Map<string, Failure>} */
    this.everyRow = new Map();
    this.masked = new Set(outcome.response.extensions?.masked ?? []);
    this.#walk(outcome.plan ?? []);
    for (const failure of outcome.response.errors ?? []) {
      if (!failure.path) continue;
      this.exact.set(JSON.stringify(failure.path), failure);
      if (denial(failure)) this.everyRow.set(pattern(failure.path), failure);
    }
  }

  /**
   * The mark of a value at a path. `row` is the object it stands in.
   *
   * @param {Path} path
   * @param {unknown} value
   * @param {Record<string, any>} row
   * @returns {Mark}
   */
  of(path, value, row) {
    const place = pattern(path);
    const decided = this.items.get(place)?.decided;
    if (value === null) {
      const failure = this.exact.get(JSON.stringify(path)) ?? (decided === "clear" ? undefined : this.everyRow.get(place));
      if (!failure) return {kind: "null"};
      return {kind: denial(failure) ? "denied" : "failed", failure};
    }
    return {kind: this.#isMasked(place, value, row, String(path.at(-1))) ? "masked" : "clear"};
  }

  /**
   * The catalogue's title of what stands at a path, if the plan knows it.
   *
   * @param {Path} path
   */
  title(path) {
    return this.items.get(pattern(path))?.title;
  }

  /**
   * @param {string} place
   * @param {unknown} value
   * @param {Record<string, any>} row
   * @param {string} key
   */
  #isMasked(place, value, row, key) {
    const item = this.items.get(place);
    if (item?.decided === "masked") return true;
    if (item?.decided !== "by row" || !item.coordinate || !this.masked.has(item.coordinate)) return false;
    const told = row["_meta"]?.masked;
    return Array.isArray(told) ? told.includes(item.coordinate.split(".").at(-1)) || told.includes(key) : String(value).includes("*");
  }

  /** @param {PlanItem[]} items */
  #walk(items) {
    for (const item of items) {
      if (item.path.length && (item.kind === "decision" || item.kind === "step")) {
        const place = item.path.join(".");
        if (!this.items.has(place)) this.items.set(place, item);
      }
      this.#walk(item.below);
    }
  }
}

/** @param {Failure} failure */
export function denial(failure) {
  return failure.extensions?.code === "FIELD_DENIED" || failure.extensions?.code === "FILTER_DENIED";
}

/**
 * A path without its list positions.
 *
 * @param {Path} path
 */
export function pattern(path) {
  return path.filter((key) => typeof key === "string").join(".");
}

/**
 * Paths of scalars that stand in both data and are not the same. Rows are compared where their first scalar agrees.
 *
 * @param {unknown} one
 * @param {unknown} other
 * @returns {Set<string>}
 */
export function differences(one, other) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @type {(a: any, b: any, path: Path) => void} */
  const compare = (a, b, path) => {
    if (Array.isArray(a) && Array.isArray(b)) {
      const rows = Math.min(a.length, b.length);
      for (let place = 0; place < rows; place++) {
        if (sameRow(a[place], b[place])) compare(a[place], b[place], [...path, place]);
      }
    } else if (isObject(a) && isObject(b)) {
      for (const key of Object.keys(a)) if (key in b && key !== "_meta") compare(a[key], b[key], [...path, key]);
    } else if (a !== b) {
      found.add(JSON.stringify(path));
    }
  };
  if (isObject(one) && isObject(other)) compare(one, other, []);
  return found;
}

/**
 * @param {any} a
 * @param {any} b
 */
function sameRow(a, b) {
  if (!isObject(a) || !isObject(b)) return true;
  const key = Object.keys(a).find((name) => a[name] !== null && typeof a[name] !== "object");
  return key === undefined || a[key] === b[key];
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * How many rows, masked and withheld values an answer has.
 *
 * @param {any} data
 * @param {Marks} marks
 * @param {Set<string>} differing
 * @returns {Tally}
 */
export function tally(data, marks, differing) {
  const counts = {masked: 0, denied: 0, failed: 0, differs: differing.size, rows: 0};
  /** @type {(value: any, path: Path, row: Record<string, any>) => void} */
  const visit = (value, path, row) => {
    if (Array.isArray(value)) {
      if (value.every(isObject)) counts.rows += value.length;
      value.forEach((item, place) => visit(item, [...path, place], row));
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) if (key !== "_meta") visit(value[key], [...path, key], value);
    } else {
      const {kind} = marks.of(path, value, row);
      if (kind === "masked" || kind === "denied" || kind === "failed") counts[kind] += 1;
    }
  };
  if (isObject(data)) visit(data, [], data);
  return counts;
}
