// The letter beside the list: fetched ahead, shown at once, and shown anew as the person left it.

import { offerKept } from "../kept_boxes.js";
import { tell } from "../messages.js";
import { arrived, fields, getText, post } from "../requests.js";
import { label } from "../shortcuts.js";
import { article, list, openId, pane } from "./page.js";
import { beat } from "./presence.js";
import { following, linkOf } from "./rows.js";
import { refill } from "./unsent.js";

// --- fetched ahead, kept in memory alone, used once ---

const ahead = new Map();
// letters about which a decision is on its way, as they stood: without a connection they could not be fetched again
const leaving = new Map();

export function fetchLetter(row) {
  const id = row.dataset.letter;
  if (!ahead.has(id)) {
    const asked = getText(linkOf(row).href, "pane");
    asked.catch(() => ahead.delete(id));
    ahead.set(id, asked);
  }
  return ahead.get(id);
}

export const forget = (id) => ahead.delete(id);

export function lookAhead(row) {
  const next = following(row);
  const wanted = [next, next && following(next)].filter(Boolean);
  const keep = new Set(wanted.map((other) => other.dataset.letter));
  for (const id of ahead.keys()) if (!keep.has(id)) ahead.delete(id);
  for (const other of wanted) fetchLetter(other);
}

// Keeps the letter as it stands until letGo(), while a decision about it is on its way.
export function hold(id) {
  ahead.delete(id);
  if (openId() === id) leaving.set(id, pane.innerHTML);
}

export const letGo = (id) => leaving.delete(id);

// nothing of a letter outlives the lock
document.addEventListener("desk-lock", () => {
  ahead.clear();
  leaving.clear();
});

// --- a letter that is shown anew stands as the person left it: unfolded, scrolled, the cursor where it was ---

function stood() {
  const at = document.activeElement;
  const inside = pane.contains(at);
  return {
    more: pane.querySelector(".more-acts")?.open,
    scrolled: pane.scrollTop,
    elsewhere: !inside && at !== document.body,
    act: inside && at.dataset.act,
    field: inside && at.matches("textarea") && { name: at.name, from: at.selectionStart, to: at.selectionEnd },
  };
}

function standAgain({ more, scrolled, elsewhere, act, field }) {
  const folded = pane.querySelector(".more-acts");
  if (folded && more) folded.open = true;
  const place = field
    ? pane.querySelector(`textarea[name="${CSS.escape(field.name)}"]`)
    : act && pane.querySelector(`[data-act="${CSS.escape(act)}"]`);
  if (field && place) place.setSelectionRange(field.from, field.to);
  if (!elsewhere) (place || pane.querySelector("#letter-title"))?.focus({ preventScroll: true });
  pane.scrollTop = scrolled;
}

// --- showing one ---

let opening = 0;

// Returns the HTML of the row's letter; null where the person has gone on meanwhile, or where the page is left for it.
async function letterOf(row, turn) {
  const id = row.dataset.letter;
  try {
    const asked = fetchLetter(row);
    ahead.delete(id);
    const html = await asked;
    // somebody who is quick has gone on meanwhile
    return turn === opening ? html : null;
  } catch (problem) {
    if (leaving.has(id) && !problem.over) return turn === opening ? leaving.get(id) : null;
    // a decision that is on its way arrives before the page is left
    await arrived();
    if (turn !== opening) return null;
    if (problem instanceof TypeError) tell(list.dataset.saysNoConnection, { warn: true });
    else location.assign(linkOf(row).href);
    return null;
  }
}

export async function open(row, { push = true } = {}) {
  opening += 1;
  const html = await letterOf(row, opening);
  if (html === null) return;
  const link = linkOf(row);
  const left = openId();
  const anew = left === row.dataset.letter && stood();
  pane.innerHTML = html;
  pane.classList.remove("pane-empty");
  document.querySelector("main").classList.add("panes-open");
  for (const other of list.querySelectorAll(".row-open")) {
    other.classList.remove("row-open");
    linkOf(other).removeAttribute("aria-current");
  }
  row.classList.add("row-open");
  link.setAttribute("aria-current", "true");
  prepare();
  const title = pane.querySelector("#letter-title");
  if (title) document.title = title.textContent;
  if (push) history.pushState({}, "", link.href);
  // everything is in its place by now, so that it is laid out once
  row.scrollIntoView({ block: "nearest" });
  if (anew) standAgain(anew);
  else {
    if (title) title.focus({ preventScroll: true });
    pane.scrollTop = 0;
    // where the letter stands in place of the list, it begins at its beginning
    if (!link.offsetParent) scrollTo(0, 0);
  }
  lookAhead(row);
  if (left !== row.dataset.letter) delete pane.dataset.writing;
  beat(left && left !== row.dataset.letter ? left : "");
  sayOpened();
}

// A raised letter that was fetched ahead is opened now: how long it waited is counted. It may be counted later as well.
function sayOpened() {
  const address = article()?.dataset.opened;
  if (address) post(address, fields({})).catch(() => {});
}

export function empty() {
  opening += 1;
  const line = document.createElement("p");
  line.className = "empty";
  line.tabIndex = -1;
  line.textContent = list.dataset.saysAllSeen;
  pane.replaceChildren(line);
  line.focus();
}

// --- what only a page with its script has ---

const wide = matchMedia("(min-width: 56.25rem)");
wide.addEventListener("change", unfold);

function unfold() {
  const more = pane.querySelector(".more-acts");
  if (!more) return;
  more.open = wide.matches;
  more.classList.toggle("more-acts-wide", wide.matches);
}

// letters that are alike are looked for once somebody stays with a letter
const STAYS_AFTER = 800;
let stays = 0;

function lookAlike() {
  clearTimeout(stays);
  const place = pane.querySelector("#alike");
  if (!place) return;
  stays = setTimeout(async () => {
    const html = await getText(place.dataset.address, "part").catch(() => null);
    if (html !== null && place.isConnected) place.innerHTML = html;
  }, STAYS_AFTER);
}

function prepare() {
  unfold();
  refill();
  offerKept(pane);
  lookAlike();
  for (const button of pane.querySelectorAll("[data-act=personal]")) button.hidden = false;
  label(pane);
}

// Goes on with the row's letter, which came with the page: the answers near to it are fetched once.
export async function goOn(row) {
  const html = await fetchLetter(row).catch(() => "");
  ahead.delete(row.dataset.letter);
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const dialog = holder.content.querySelector("#panel-answered");
  if (dialog && openId() === row.dataset.letter && !pane.querySelector("#panel-answered")) article().append(dialog);
  lookAhead(row);
}

prepare();
