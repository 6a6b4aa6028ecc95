// The letter beside the list: the next letters are fetched in advance, and a letter that is replaced by a newer copy of
// itself keeps what was unfolded, the scroll position and the cursor.

import { offerKept } from "../kept_boxes.js";
import { tell } from "../messages.js";
import { arrived, fields, getText, post } from "../requests.js";
import { label } from "../shortcuts.js";
import { article, list, openId, pane } from "./page.js";
import { beat } from "./presence.js";
import { following, linkOf } from "./rows.js";
import { refill } from "./unsent.js";

// --- letters fetched in advance: in memory alone, since they hold words, and used once, since they become outdated ---

const ahead = new Map();
// The HTML of letters about which a decision is being sent. If the connection fails, the letter is shown again from here,
// since it could not be fetched.
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

// Keeps the HTML of the open letter until letGo(), while a decision about the letter is being sent.
export function hold(id) {
  ahead.delete(id);
  if (openId() === id) leaving.set(id, pane.innerHTML);
}

export const letGo = (id) => leaving.delete(id);

// a locked desk must not keep words of letters in memory
document.addEventListener("desk-lock", () => {
  ahead.clear();
  leaving.clear();
});

// --- the state of the pane, so that a newer copy of the same letter does not interrupt the person ---

// Returns what is unfolded, the scroll position, and where the focus is. `elsewhere`: outside the pane.
function paneState() {
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

function restorePane({ more, scrolled, elsewhere, act, field }) {
  const folded = pane.querySelector(".more-acts");
  if (folded && more) folded.open = true;
  const place = field
    ? pane.querySelector(`textarea[name="${CSS.escape(field.name)}"]`)
    : act && pane.querySelector(`[data-act="${CSS.escape(act)}"]`);
  if (field && place) place.setSelectionRange(field.from, field.to);
  if (!elsewhere) (place || pane.querySelector("#letter-title"))?.focus({ preventScroll: true });
  pane.scrollTop = scrolled;
}

// --- showing a letter ---

let opening = 0;

// Returns the HTML of the row's letter. Returns null where the person has opened another one in the meantime (`turn` is
// no longer the current one), without a connection, and where the browser goes to the letter's own page instead.
async function letterOf(row, turn) {
  const id = row.dataset.letter;
  try {
    const asked = fetchLetter(row);
    ahead.delete(id);
    const html = await asked;
    return turn === opening ? html : null;
  } catch (problem) {
    if (leaving.has(id) && !problem.over) return turn === opening ? leaving.get(id) : null;
    // leaving the page would cancel a decision that is still being sent
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
  const anew = left === row.dataset.letter && paneState();
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
  // scrolling forces a layout, so it comes after all changes to the page: one layout instead of several
  row.scrollIntoView({ block: "nearest" });
  if (anew) restorePane(anew);
  else {
    if (title) title.focus({ preventScroll: true });
    pane.scrollTop = 0;
    // on a narrow screen the letter replaces the list, and the scroll position of the list means nothing to it
    if (!link.offsetParent) scrollTo(0, 0);
  }
  lookAhead(row);
  if (left !== row.dataset.letter) delete pane.dataset.writing;
  beat(left && left !== row.dataset.letter ? left : "");
  sayOpened();
}

// Reports that an urgent letter is being read, from which its waiting time is counted. Fetching in advance is no reading,
// so the server cannot tell by itself. A report that fails is ignored: a later one is counted.
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

// --- parts of the letter that need a script ---

const wide = matchMedia("(min-width: 56.25rem)");
wide.addEventListener("change", unfold);

function unfold() {
  const more = pane.querySelector(".more-acts");
  if (!more) return;
  more.open = wide.matches;
  more.classList.toggle("more-acts-wide", wide.matches);
}

// Finding similar letters is expensive, so it is asked for only after the person has stayed with a letter for a while.
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

// Completes the letter that the server rendered into the page: its dialog with similar answers is no part of the page,
// and is fetched once.
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
