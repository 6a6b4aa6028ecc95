// The proof of work: tells the widget where its worker is, and says when the proof is there, or will not come.
// proof_gate.js holds the form back until then.
//
// The widget begins a millisecond after it is loaded and gives up where it does not know its worker. As an import it is
// loaded together with this script, however slowly either comes.
import "../vendor/altcha-3.2.2/altcha.min.js";

const ready = new WeakSet();
const ENDS = ["verified", "error", "expired"];

function prepare(box) {
  const stands = (detail) => box.dispatchEvent(new CustomEvent("proof", { bubbles: true, detail }));
  globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(box.dataset.worker));
  stands("begun");
  box.querySelector("altcha-widget").addEventListener("statechange", (event) => {
    if (ENDS.includes(event.detail.state)) stands("settled");
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
