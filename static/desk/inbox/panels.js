// What a shortcut chooses from: reasons, days, topics, colleagues, answers. The choices are numbered, 1 to 9.
import { getText } from "../requests.js";
import { article, list, openId, pane } from "./page.js";
import { hand, inHand } from "./presence.js";

const ready = new WeakSet();

export async function fetchPanels() {
  const html = await getText(list.dataset.panels).catch(() => null);
  if (html === null) return;
  const holder = document.createElement("div");
  holder.innerHTML = html;
  document.body.append(holder);
}

function prepare(dialog) {
  if (ready.has(dialog)) return;
  ready.add(dialog);
  for (const [place, button] of [...dialog.querySelectorAll("ol .small-button")].slice(0, 9).entries()) {
    const sign = document.createElement("kbd");
    sign.textContent = place + 1;
    sign.ariaHidden = "true";
    button.prepend(sign, " ");
    button.setAttribute("aria-keyshortcuts", place + 1);
  }
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    const button = dialog.querySelectorAll("ol .small-button")[event.key - 1];
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "sent" && dialog.dataset.took === openId()) hand("cancel");
    dialog.returnValue = "";
    delete dialog.dataset.took;
  });
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
}

// A panel is for whichever letter is open, and for what its button says: `data-address`, where its form is sent, and
// `data-edit`, where the same can be done at length, if that is elsewhere.
function direct(dialog, { address, edit = address }) {
  const letter = article();
  const form = dialog.querySelector("form");
  form.action = address;
  form.dataset.letter = letter.dataset.letter;
  // the panel is older or newer than the letter beside it: what counts is where the letter stood when it was shown
  const seen = form.querySelector("[name=seen]");
  if (seen) seen.value = letter.dataset.seen;
  for (const link of dialog.querySelectorAll("[data-edit]")) link.href = edit + link.hash;
}

function openPanel(button) {
  const dialog = document.getElementById(`panel-${button.dataset.panel}`);
  if (!dialog || !article()) return false;
  prepare(dialog);
  direct(dialog, button.dataset);
  dialog.showModal();
  if ("takes" in dialog.dataset) {
    // cancelled, it gives back only what it took itself
    if (!inHand()) dialog.dataset.took = openId();
    hand("write");
  }
  return true;
}

pane.addEventListener("click", (event) => {
  const button = event.target.closest("[data-panel]");
  if (!button || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (openPanel(button)) event.preventDefault();
});
