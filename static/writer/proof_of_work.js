// The proof of work: tells the widget where its worker is, and lets a form wait for the proof for a short while. After
// that the form is sent without it: a letter without a proof is taken too.
//
// The widget begins a millisecond after it is loaded and gives up where it does not know its worker. As an import it is
// loaded together with this script, however slowly either comes.
import "../vendor/altcha-3.2.2/altcha.min.js";

const PATIENCE = 20000;
const ready = new WeakSet();

function prepare(box) {
  const widget = box.querySelector("altcha-widget");
  const form = box.closest("form");
  let settled = false;
  let waiting = false;

  globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(box.dataset.worker));

  function settle() {
    settled = true;
    if (waiting) form.requestSubmit();
  }

  widget.addEventListener("statechange", (event) => {
    if (["verified", "error", "expired"].includes(event.detail.state)) settle();
  });

  form.addEventListener("submit", (event) => {
    // a button that leads elsewhere ("Change it") needs no proof
    if (settled || event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    setTimeout(settle, PATIENCE);
  });
}

function start() {
  const box = document.querySelector(".proof");
  if (!box || ready.has(box)) return;
  ready.add(box);
  prepare(box);
}

document.addEventListener("page-shown", start);
start();
