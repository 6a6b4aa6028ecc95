// A page on which something is written about a letter: who writes has it in hand, lets it go on leaving (unless they
// had taken it by its button before), and is told when a colleague took it over. Without it the claim that came with the
// page ends after its five minutes.
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

// to another page about the same letter it is not let go
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
  // a page that is shown again, or loaded again, has let the letter go on its way out
  if (event.persisted || "mine" in place.dataset) take();
  else beat();
});

document.addEventListener("desk-open", () => beat());
setInterval(() => document.hidden || beat(), BEAT);
