// Unsent words of a box, kept on this device: sealed under a key that only an unlocked session of the same person gets
// from the desk, and that this script cannot read. Kept until the desk has the words, for two weeks at most, or until the
// person signs out. Without TLS there is no such key, and nothing is kept.
import { fields, post } from "./requests.js";

export const says = document.querySelector("script[data-copy-key]").dataset;
const { copyKey, who } = says;
const KEPT_FOR = 14 * 24 * 60 * 60 * 1000;
const SENT = "sent-box";
export const canKeep = Boolean(isSecureContext && crypto.subtle && globalThis.indexedDB && who);

const finished = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let database = null;

function opened() {
  if (!database) {
    const request = indexedDB.open("kept-copies", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("copies", { keyPath: "place" });
    database = finished(request);
  }
  return database;
}

async function store(mode = "readonly") {
  return (await opened()).transaction("copies", mode).objectStore("copies");
}

const encoder = new TextEncoder();
const bound = (place, iv) => ({ name: "AES-GCM", iv, additionalData: encoder.encode(place) });
const keys = new Map();

async function fetchKey(place) {
  const { key } = await post(copyKey, fields({ place }));
  const bytes = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function keyOf(place) {
  if (!keys.has(place)) {
    const key = fetchKey(place);
    key.catch(() => keys.delete(place));
    keys.set(place, key);
  }
  return keys.get(place);
}

const nameOf = (place) => `${who} ${place}`;

// Gets the key while there is a connection.
export function prepare(place) {
  if (canKeep) keyOf(place).catch(() => {});
}

// The latest words win, also where an earlier call takes longer.
const latest = new Map();

export async function keep(place, words) {
  if (!canKeep) return;
  const turn = (latest.get(place) ?? 0) + 1;
  latest.set(place, turn);
  try {
    const key = await keyOf(place);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(bound(nameOf(place), iv), key, encoder.encode(words));
    if (latest.get(place) !== turn) return;
    await finished((await store("readwrite")).put({ place: nameOf(place), iv, sealed, at: Date.now() }));
  } catch {
    // no key, or no room: the words still stand on the page
  }
}

export async function forget(place) {
  latest.set(place, (latest.get(place) ?? 0) + 1);
  if (!canKeep) return;
  try {
    await finished((await store("readwrite")).delete(nameOf(place)));
  } catch {
    // nothing was kept
  }
}

// The words that were kept for this box, or null.
export async function kept(place) {
  if (!canKeep) return null;
  try {
    const found = await finished((await store()).get(nameOf(place)));
    if (!found || Date.now() - found.at > KEPT_FOR) return null;
    const words = await crypto.subtle.decrypt(bound(found.place, found.iv), await keyOf(place), found.sealed);
    return new TextDecoder().decode(words);
  } catch {
    return null;
  }
}

// The words are on their way by a form that leaves the page: whether they arrive, the next page knows. Noted is the box.
export function markSent(place) {
  try {
    sessionStorage.setItem(SENT, nameOf(place));
  } catch {
    // the copy stays, and is offered once too often
  }
}

function takeSent() {
  try {
    const sent = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    return sent;
  } catch {
    return null;
  }
}

// Forgets what is too old, and what has arrived.
async function tidy(arrived) {
  const copies = await store("readwrite");
  for (const { place, at } of await finished(copies.getAll())) {
    if (place === arrived || Date.now() - at > KEPT_FOR) copies.delete(place);
  }
}

async function forgetAll() {
  const copies = await store("readwrite");
  for (const place of await finished(copies.getAllKeys())) if (place.startsWith(nameOf(""))) copies.delete(place);
}

if (canKeep) {
  // a form that the desk took is answered by a redirect
  const [how] = performance.getEntriesByType("navigation");
  const sent = takeSent();
  tidy(how?.type === "navigate" && how.redirectCount > 0 ? sent : null).catch(() => {});
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!("signsOut" in form.dataset) || event.defaultPrevented) return;
    event.preventDefault();
    await forgetAll().catch(() => {});
    form.submit();
  });
}

// Says above the form that a text was kept, with one button for each of what can be done: its words and its act.
export function offer(form, choices) {
  form.querySelector(".kept-offer")?.remove();
  const box = document.createElement("p");
  box.className = "notice-warn kept-offer";
  box.setAttribute("role", "alert");
  box.append(`${says.saysKept} `);
  for (const [words, act] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small-button";
    button.textContent = words;
    button.addEventListener("click", () => {
      act();
      box.remove();
    });
    box.append(button, " ");
  }
  form.prepend(box);
}
