// Messages of a page without loading it anew: one line each in the page's own place for them, the newest first.
import { token } from "./requests.js";
import { label } from "./shortcuts.js";

export const said = document.getElementById("said");
const AT_MOST = 3;
const SHOWN_FOR = 30000;

// Makes the line of something that is on its way, so that it stands where it was asked for, also when the answer to an
// earlier one comes later. `pending` says what is on its way: "decision" or "undo".
export function announce(pending = "decision") {
  const line = document.createElement("div");
  line.hidden = true;
  line.dataset.pending = pending;
  said.prepend(line);
  // a line whose answer has not come keeps its place, or the answer would stand before what was decided after it
  const settled = [...said.children].filter((other) => !other.dataset.pending);
  for (const old of settled.slice(AT_MOST - 1)) old.remove();
  return line;
}

function undoForm({ address, letter }) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  form.dataset.decision = "undo";
  form.dataset.letter = letter;
  form.innerHTML =
    '<input type="hidden" name="csrfmiddlewaretoken"><button class="small-button" type="submit" data-act="undo"></button>';
  form.querySelector("input").value = token();
  form.querySelector("button").textContent = said.dataset.saysUndo;
  return form;
}

// Says a text and returns its line. `undo`: the address that takes it back and the letter it is about; `more`: an address
// to go to and its words; `line`: from announce().
export function tell(text, { undo = null, more = null, warn = false, line = announce() } = {}) {
  line.className = warn ? "said-line warning" : "said-line success";
  const words = document.createElement("p");
  words.textContent = text;
  line.append(words);
  if (more) {
    const link = document.createElement("a");
    link.href = more.address;
    link.textContent = more.words;
    line.append(link);
  }
  if (undo) line.append(undoForm(undo));
  const away = document.createElement("button");
  away.type = "button";
  away.className = "linklike said-away";
  away.textContent = said.dataset.saysDismiss;
  away.addEventListener("click", () => line.remove());
  line.append(away);
  delete line.dataset.pending;
  line.hidden = false;
  label(line);
  setTimeout(() => line.remove(), SHOWN_FOR);
  if (line.dataset.undo) line.querySelector("[data-act=undo]")?.click();
  return line;
}

// Takes back the last decision that this page still shows, one that is on its way when it has arrived. Returns whether
// there was one.
export function undoLast() {
  const line = [...said.children].find(
    (other) => (other.dataset.pending === "decision" && !other.dataset.undo) || other.querySelector("[data-act=undo]"),
  );
  if (!line) return false;
  if (line.dataset.pending) line.dataset.undo = "yes";
  else line.querySelector("[data-act=undo]").click();
  return true;
}
