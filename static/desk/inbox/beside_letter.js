// Presence on a page of its own where somebody writes about a letter, such as a private answer. Writing claims the letter
// ("in hand") and renews the claim; leaving the page releases it, unless it was made with the button on the letter's page;
// and the page tells when a colleague takes the letter over. Without the script the claim that was made with the page ends
// on the server after five minutes.
import { isLocked } from "../lock.js";
import { fields, post } from "../requests.js";
import { fill } from "../sentences.js";

const place = document.getElementById("here");
const { letter, claim, pulse } = place.dataset;
const notice = document.getElementById("in-hand");
const main = document.getElementById("main");
const MINUTE = 60000;
const BEAT = 10000;

function show({ claim: held, decided }) {
  let text = decided || "";
  if (held && !held.mine) {
    text ||= fill(held.taken ? place.dataset.saysTaken : place.dataset.saysInHand, held);
  }
  if (notice) notice.hidden = Boolean(text) || !held || held.mine;
  if (place.textContent !== text) place.textContent = text;
}

let typed = 0;
let asked = 0;

async function beat() {
  if (isLocked()) return;
  const doing = Date.now() - typed < MINUTE ? "writing" : "viewing";
  const answer = await post(pulse, fields({ letter, doing })).catch(() => null);
  if (answer) show(answer);
}

async function take() {
  asked = Date.now();
  await post(claim, fields({ act: "write" })).catch(() => null);
  await beat();
}

main.addEventListener("input", () => {
  typed = Date.now();
  if (typed - asked > MINUTE) take();
});

// A submitted form and a link to the same address lead to another page about this letter: the claim is kept.
let stays = false;
document.addEventListener("submit", () => (stays = true));
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  stays = Boolean(link) && link.pathname === location.pathname && !link.hash;
});

window.addEventListener("pagehide", () => {
  if (!stays && !isLocked()) navigator.sendBeacon(pulse, fields({ left: letter, wrote: "yes" }));
});

window.addEventListener("pageshow", (event) => {
  stays = false;
  asked = 0;
  // a page from the browser's history, or a reloaded one, released the claim when it was left: claim again
  if (event.persisted || "mine" in place.dataset) take();
  else beat();
});

document.addEventListener("desk-open", () => beat());
setInterval(() => document.hidden || beat(), BEAT);
