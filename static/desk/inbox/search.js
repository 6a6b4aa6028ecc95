// The search goes on batch by batch, says how far it is, and can be stopped. A letter that was found is looked at here,
// over what was found: nothing of a search lies in an address, so the way back would lead to an empty form.
import { getText, postForPart } from "../requests.js";
import { plural } from "../sentences.js";

const form = document.getElementById("search");
const hits = document.getElementById("hits");
const progress = document.getElementById("search-progress");
const stop = document.getElementById("search-stop");
const language = document.documentElement.lang;
let running = null;

async function nextBatch(body, signal) {
  const holder = document.createElement("template");
  holder.innerHTML = await postForPart(form.action, body, "batch", signal);
  const batch = holder.content.querySelector(".batch");
  if (!batch) throw new Error("no batch");
  return batch;
}

async function search() {
  if (running) running.abort();
  const mine = new AbortController();
  running = mine;
  const body = new FormData(form);
  hits.replaceChildren();
  hits.classList.add("searching");
  stop.hidden = false;
  progress.textContent = progress.dataset.saysSearching;
  let [after, scanned, found, closed] = ["", 0, 0, 0];
  try {
    do {
      body.set("after", after);
      const batch = await nextBatch(body, mine.signal);
      after = batch.dataset.after;
      scanned += Number(batch.dataset.scanned);
      found += Number(batch.dataset.found);
      closed += Number(batch.dataset.closed);
      hits.append(batch);
      const total = Number(batch.dataset.total);
      const written = { found, scanned: scanned.toLocaleString(language), counter: total.toLocaleString(language) };
      const rest = closed ? ` ${plural(progress.dataset.saysClosed, closed)}` : "";
      progress.textContent = plural(progress.dataset.saysFound, total, written) + rest;
    } while (after);
  } catch (error) {
    if (running !== mine) return;
    if (error.name !== "AbortError") {
      form.submit();
      return;
    }
    progress.textContent += ` ${progress.dataset.saysStopped}`;
  }
  running = null;
  stop.hidden = true;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
stop.addEventListener("click", () => running?.abort());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && running) running.abort();
});

// --- a letter over the list ---

const SHOWN = ".letter-head, .notice, .one > .notice-warn:not(.claim), .letter-text, .about, section:has(> .turns)";
const look = document.getElementById("look");
const read = look.querySelector(".look-letter");
const on = look.querySelector("[data-on]");

hits.addEventListener("click", async (event) => {
  const link = event.target.closest(".row > a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const html = await getText(link.href, "pane").catch(() => null);
  if (html === null) {
    location.assign(link.href);
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = html;
  read.replaceChildren(...holder.content.querySelectorAll(SHOWN));
  on.href = link.href;
  look.showModal();
  look.scrollTop = 0;
  // so that the way back closes the letter and does not lead away from what was found
  history.pushState({ look: true }, "");
});
look.addEventListener("close", () => {
  read.replaceChildren();
  if (history.state?.look) history.back();
});
addEventListener("popstate", () => look.open && look.close());

document.addEventListener("desk-act", (event) => {
  const step = { next: 1, previous: -1 }[event.detail];
  const links = [...hits.querySelectorAll(".row > a")];
  if (!step || !links.length) return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
});
form.querySelector("[name=words]").focus();
