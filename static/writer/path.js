// The pages for writing and reading a letter, in one document: this script sends what is typed, and puts the answer into
// the place of the page. So no page that a form was sent to stands in the history, which browsers keep on the disk with
// everything that was sent; and on the way back each page stands as it was left, in this tab's memory. Without it the
// forms send themselves.
import { lift, parse, put, ready, style } from "./documents.js";
import { anyTyped, isLetter, refill, refillLetter, typed } from "./fields.js";
import { forget, keep, prepare, take } from "./memory.js";
import "./count.js";
import "./exit.js";
import "./time_limit.js";

const KEPT_FOR = 30 * 60 * 1000;
const says = document.querySelector("script[data-memory]").dataset;
// by which this document knows its own places in the history; no word of anybody's is in there
const tab = Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");
const pages = new Map(); // those that were left, by their number
let number = 0;
let last = 0;
let asked = null; // what was asked for the page in sight; null for that of the address
let letter = null; // what was last typed, or sent, as a letter
let turn = 0;
let busy = false;
let left = false; // by the way out

const holds = () => Boolean(asked?.values) || pages.size > 0 || anyTyped();
const place = (at) => history.replaceState({ tab, at }, "");

function say(text, near) {
  document.querySelector(".path-said")?.remove();
  const line = document.createElement("p");
  line.className = "notice notice-warn path-said";
  line.setAttribute("role", "alert");
  near.before(line);
  line.textContent = text;
}

// --- one page gives way to another ---

function leave() {
  letter = typed().find(isLetter) ?? letter;
  pages.set(number, { ...lift(), asked, at: Date.now() });
}

async function answer({ address, values }) {
  const body = values && new URLSearchParams(values);
  const response = await fetch(address, { method: body ? "POST" : "GET", body, cache: "no-store" });
  if (!(response.headers.get("Content-Type") ?? "").startsWith("text/html")) throw new Error("no page");
  const page = parse(await response.text());
  await Promise.all([style(page.sheets), ready(page.scripts)]);
  return page;
}

document.addEventListener("input", prepare, { once: true });

// Shows what the site answers, as a place of its own in the history, or where this one is. Returns whether it did.
async function go(what, { anew = true, hash = "" } = {}) {
  prepare();
  turn += 1;
  const mine = turn;
  busy = true;
  const page = await answer(what).catch(() => null);
  if (mine !== turn || left) return true;
  busy = false;
  if (!page) return false;
  if (anew) {
    leave();
    last += 1;
    number = last;
    // the address stays that of a page which has this script, for a reload
    history.pushState({ tab, at: number }, "");
  }
  if (isLetter(what)) letter = what;
  asked = what;
  put(page, hash);
  return true;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const { submitter } = event;
  if (event.defaultPrevented || form.method !== "post" || "file" in form.dataset) return;
  event.preventDefault();
  if (busy) return;
  const to = new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action"), location.href);
  const what = { address: to.pathname, values: [...new FormData(form, submitter)] };
  // a page that is kept open goes on as it stands
  const goesOn = "keepsOpen" in form.dataset;
  const kept = goesOn ? typed() : [];
  if (await go(what, { anew: !goesOn, hash: to.hash })) refill(kept);
  else say(says.saysNoConnection, submitter ?? form);
});

// at the end of an open letter: without its token, the site says that it has closed
document.addEventListener("path-closed", ({ detail }) => {
  pages.clear();
  letter = null;
  go({ address: detail, values: [] }, { anew: false });
});

// Where something was typed, a page of this site is shown in this document, and one of another site beside it.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || link.target || !holds()) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !link.protocol.startsWith("http")) return;
  if (link.origin !== location.origin) {
    link.target = "_blank";
    return;
  }
  if (link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  if (!(await go({ address: link.pathname + link.search }, { hash: link.hash }))) say(says.saysNoConnection, link);
});

// --- back and forward ---

async function come(at) {
  turn += 1;
  busy = false;
  leave();
  number = at;
  const page = pages.get(at);
  if (page) {
    pages.delete(at);
    asked = page.asked;
    put(page);
    return;
  }
  // from before a reload, or from too long ago
  asked = null;
  if (!(await go({ address: location.pathname }, { anew: false }))) location.reload();
  else if (letter) refillLetter(letter);
  else if (document.querySelector(".write-form")) say(says.saysGone, document.querySelector("h1"));
}

addEventListener("popstate", ({ state }) => {
  if (left) return;
  if (!state) {
    // a place in the page in sight
    place(number);
  } else if (state.tab !== tab) {
    last += 1;
    place(last);
    come(last);
  } else if (state.at !== number) come(state.at);
});

setInterval(() => {
  for (const [at, page] of pages) if (Date.now() - page.at > KEPT_FOR) pages.delete(at);
  if (!pages.size) letter = null;
}, 10000);

// --- reload, and the way out ---

addEventListener("pagehide", () => {
  if (!left && holds()) keep(tab, { where: location.pathname, asked, letter, typed: typed(), at: Date.now() });
});

document.addEventListener("path-left", () => {
  left = true;
  forget(tab);
  pages.clear();
  asked = letter = null;
});

async function start() {
  const before = history.state?.tab;
  const [how] = performance.getEntriesByType("navigation");
  place(number);
  history.scrollRestoration = "manual";
  if (!before) return;
  const kept = await take(before);
  // a tab that was closed and is opened again begins anew
  if (how?.type !== "reload" || kept?.where !== location.pathname || Date.now() - kept.at > KEPT_FOR) return;
  letter = kept.letter;
  if (kept.asked) await go(kept.asked, { anew: false });
  refill(kept.typed);
}

start();
