// After half an hour without anybody no page of the desk shows a word. Whatever stood on it is taken off the page first.
// What was typed and not sent yet is saved by a script that can (event "desk-lock"), or stays in this tab's memory alone,
// until the same person is at the desk again. Going back shows a page only once the desk has said that it is still open.
const page = document.querySelector("script[data-unlock]").dataset;
const { unlock, home, who, posted } = page;
// as long as a session lasts without a page
const IDLE = 30 * 60 * 1000;
const SECRET = /csrf|password|^(?:key|again|code|token)$/;
let touched = Date.now();
let title = "";
let held = null; // everything of the page, while it is locked
let words = false; // whether something typed is in it

const idle = () => Date.now() - touched >= IDLE;

// words looked for are no loss, nor is what the page itself brought, unless it brought back what somebody had sent
function typed(field) {
  if (SECRET.test(field.name) || !field.form || field.form.method !== "post") return false;
  return field.value !== field.defaultValue || (posted === "yes" && !field.readOnly && field.value.trim() !== "");
}

function say(...lines) {
  const main = document.createElement("main");
  main.className = "sheet narrow";
  const heading = document.createElement("h1");
  heading.textContent = page.saysLocked;
  heading.tabIndex = -1;
  main.append(heading);
  for (const line of lines) {
    const paragraph = document.createElement("p");
    paragraph.append(line);
    main.append(paragraph);
  }
  document.body.replaceChildren(main);
  heading.focus();
  return main;
}

export const isLocked = () => held !== null;

export async function lock() {
  if (held) return;
  const own = new Map(); // whatever a script keeps by itself, and whether that was saved
  const fields = [
    ...document.querySelectorAll("textarea, input[type=text], input[type=url], input[type=email]"),
  ].filter(typed);
  words = document.querySelector("[data-words]") !== null;
  title = document.title;
  held = document.createDocumentFragment();
  held.append(...document.body.childNodes);
  document.title = page.saysLocked;
  document.documentElement.hidden = false;
  say(page.saysWhy);
  document.dispatchEvent(new CustomEvent("desk-lock", { detail: own }));
  words ||= fields.some((field) => !own.has(field.form));
  for (const saved of own.values()) if (!(await saved)) words = true;
  if (words) offer();
  else leave();
}

// where another tab was at work the session lasts, but this page asks for the password all the same
async function leave() {
  const answer = await fetch(unlock, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  const here = posted === "yes" ? home : location.pathname + location.search;
  location.replace(answer?.ok ? `${unlock}?next=${encodeURIComponent(here)}` : here);
}

function offer() {
  const link = document.createElement("a");
  link.href = home;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = page.saysSignIn;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = page.saysShow;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const main = say(page.saysWhy, page.saysKept, link, button, said);
  button.addEventListener("click", async () => {
    said.textContent = "";
    const refused = await open();
    if (refused && main.isConnected) said.textContent = refused;
  });
}

// whether the desk is open to the same person; the page gets the token of the session now. Returns what is in the way
async function open() {
  const answer = await fetch(home, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  if (!answer) return page.saysNoConnection;
  if (!answer.ok) return page.saysStillLocked;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const here = fresh.querySelector("script[data-who]");
  if (!here || (who && here.dataset.who !== who)) return page.saysSomebodyElse;
  const token = fresh.querySelector("[name=csrfmiddlewaretoken]");
  for (const field of (held || document).querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
  touched = Date.now();
  document.documentElement.hidden = false;
  if (held) {
    document.body.replaceChildren(held);
    document.title = title;
    held = null;
    document.dispatchEvent(new CustomEvent("desk-open"));
  }
  return "";
}

function watch() {
  if (!held && idle()) lock();
}

// somebody is here; too late, where the half hour is over
function touch() {
  if (idle()) watch();
  else touched = Date.now();
}

for (const kind of ["keydown", "pointerdown", "scroll"]) {
  document.addEventListener(kind, touch, { passive: true, capture: true });
}
// a locked page has no keys
window.addEventListener("keydown", (event) => held && event.stopImmediatePropagation(), { capture: true });
setInterval(watch, 10000);
for (const kind of ["visibilitychange", "focus"]) window.addEventListener(kind, watch, { capture: true });
window.addEventListener("beforeunload", (event) => held && words && event.preventDefault());

// a browser may keep the page as it stood and show it when somebody goes back
window.addEventListener("pagehide", () => (document.documentElement.hidden = true));
window.addEventListener("pageshow", async (event) => {
  if (!event.persisted) return;
  if (held) document.documentElement.hidden = false;
  else if (idle() || (await open())) lock();
});
