/** The page's words in its two languages, and the choice between them. */

const WORDS = {
  zh: {
    skip: "跳到答案",
    tagline: "城市部门数据互通 · 演示",
    language: "语言",
    headline: "同一个问题，两个人，各得其所应见",
    lead: "互通把各部门的数据库连成一张图；每个字段给谁看原值、给谁看脱敏值、不给谁看，都由策略逐一决定。数据全部是虚构的。",
    legend: "图例",
    sample: "16447688959",
    clear: "原值",
    masked: "脱敏",
    denied: "不予提供",
    deniedHint: "附代码与理由",
    differs: "两人所见不同",
    question: "问题",
    choose: "选择一个问题",
    own: "自己写的查询",
    writing: "查询语句、变量与用途",
    document: "GraphQL 查询",
    variables: "变量（JSON）",
    badVariables: "变量不是一个 JSON 对象：",
    purpose: "用途",
    noPurpose: "不声明",
    schemaOf: "补全与校验依据",
    run: "运行",
    running: "正在运行",
    answers: "答案",
    views: "显示方式",
    viewData: "数据",
    viewPlan: "执行计划",
    viewJson: "JSON",
    first: "第一个人",
    second: "第二个人",
    footer: "仅演示环境提供此页。人名、证件号、电话均为虚构；本页不访问本机以外的任何地址。",
    sees: "可见：",
    rowsTally: "行",
    rowTally: "行",
    maskedTally: "处脱敏",
    deniedTally: "处不予提供",
    failedTally: "处来源未答",
    differsTally: "处与另一人不同",
    noRows: "没有行",
    nothing: "无值",
    refused: "没有执行",
    errors: "错误",
        noPlan: "请求在计划之前就被拒绝了。",
    timeline: "各来源的语句与用时",
    noFetches: "没有询问任何来源（所需的范围已在缓存中，或无权可问）。",
    steps: "步骤、决定与语句",
    notAsked: "未发出",
    planned: "计划",
    ran: "执行",
    statements: "条语句",
    statement: "条语句",
    sourcesWord: "个来源",
    sourceWord: "个来源",
    response: "/graphql 的完整应答",
    unreachable: "演示服务没有应答。它还在运行吗？",
    mixed: "因行而异",
    expected: "预期（A）：",
    table: "表格，可横向滚动",
  },
  en: {
    skip: "Skip to the answers",
    tagline: "A city's departments, connected · demo",
    language: "Language",
    headline: "One question, two people, to each what they may see",
    lead: "Hutong joins the departments' databases into one graph. Who sees a field in clear, who sees it masked and who does not see it is decided by the policy, field by field. All data are made up.",
    legend: "Legend",
    sample: "16447688959",
    clear: "in clear",
    masked: "masked",
    denied: "withheld",
    deniedHint: "with a code and a reason",
    differs: "the two see different things",
    question: "Question",
    choose: "Choose a question",
    own: "A query of your own",
    writing: "Query, variables and purpose",
    document: "GraphQL query",
    variables: "Variables (JSON)",
    badVariables: "The variables are no JSON object: ",
    purpose: "Purpose",
    noPurpose: "none stated",
    schemaOf: "Complete and check for",
    run: "Run",
    running: "Running",
    answers: "Answers",
    views: "View",
    viewData: "Data",
    viewPlan: "Plan",
    viewJson: "JSON",
    first: "First person",
    second: "Second person",
    footer: "Only the demo has this page. Names, ID and telephone numbers are made up; the page asks nothing of any other machine.",
    sees: "Sees: ",
    rowsTally: "rows",
    rowTally: "row",
    maskedTally: "masked",
    deniedTally: "withheld",
    failedTally: "failed at the source",
    differsTally: "differ from the other",
    noRows: "no rows",
    nothing: "no value",
    refused: "Not executed",
    errors: "Errors",
    noPlan: "The request was refused before there was a plan.",
    timeline: "Statements of each source, and their time",
    noFetches: "No source was asked: what is needed was known already, or there was nothing that may be asked.",
    steps: "Steps, decisions and statements",
    notAsked: "not sent",
    planned: "plan",
    ran: "run",
    statements: "statements",
    statement: "statement",
    sourcesWord: "sources",
    sourceWord: "source",
    response: "The whole response of /graphql",
    unreachable: "The demo does not answer. Is it still running?",
    mixed: "depends on the row",
    expected: "To be expected (A): ",
    table: "table, scrolls sideways",
  },
};

/** @typedef {"zh" | "en"} Language */
/** @typedef {keyof typeof WORDS.zh} Word */

const KEPT = "hutong.language";

/** @type {Language} */
let current = initial();

/** @returns {Language} The language last chosen here, else the browser's first that we speak, else Chinese. */
function initial() {
  const kept = stored();
  if (kept === "zh" || kept === "en") return kept;
  const found = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "zh" || tag === "en");
  return found === "en" ? "en" : "zh";
}

/** @returns {string | null} */
function stored() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // storage is switched off: the choice lasts as long as the page
  }
}

/** @returns {Language} */
export const language = () => current;

/** @param {Word} word */
export const said = (word) => WORDS[current][word];

/**
 * A number with its noun.
 *
 * @param {number} count
 * @param {Word} one
 * @param {Word} many
 */
export const counted = (count, one, many) => `${count} ${said(count === 1 ? one : many)}`;

/** @param {{zh: string, en: string}} title */
export const titled = (title) => title[current];

/** @param {Language} chosen */
export function speak(chosen) {
  current = chosen;
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    return; // as above
  }
}

/** Put the words of the current language into the page's fixed parts. */
export function sayFixedWords() {
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  for (const place of document.querySelectorAll("[data-word]")) {
    place.textContent = said(/** @type {Word} */ (place.getAttribute("data-word")));
  }
  for (const place of document.querySelectorAll("[data-label]")) {
    place.setAttribute("aria-label", said(/** @type {Word} */ (place.getAttribute("data-label"))));
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-language") === current));
  }
}
