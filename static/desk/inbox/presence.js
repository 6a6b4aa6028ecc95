// Who else is here: what this page says of itself every ten seconds, what it is told of colleagues, and whether the open
// letter is in hand.
import { isLocked, lock } from "../lock.js";
import { fields, post } from "../requests.js";
import { fill } from "../sentences.js";
import { article, list, openId, pane } from "./page.js";
import { done, rowOf, waiting } from "./rows.js";

const { pulse } = list.dataset;
const MINUTE = 60000;
const BEAT = 10000;
// a letter is in hand for five minutes; whoever goes on writing says so before they are over
const IN_HAND = 4 * MINUTE;

// for how the letter is being read; when the desk locks itself, lock.js says
let touched = Date.now();
for (const kind of ["keydown", "pointerdown", "scroll"]) {
  document.addEventListener(kind, () => (touched = Date.now()), { passive: true, capture: true });
}

function doing() {
  const untouched = Date.now() - touched;
  if (untouched > 10 * MINUTE) return "idle";
  const field = document.activeElement;
  if (field?.closest("textarea") && pane.contains(field) && field.value) return "writing";
  return untouched < MINUTE ? "reading" : "viewing";
}

// Says which letter is open, and which was left for it, and shows what the desk answers.
export async function beat(left = "") {
  if (isLocked()) return;
  const shown = article()?.dataset;
  const asked = openId();
  const rows = waiting().slice(0, 60);
  const body = fields({
    letter: asked,
    left,
    doing: doing(),
    since: shown?.since || "",
    seen: shown?.seen || "",
    rows: rows.map((row) => row.dataset.letter),
  });
  let answer;
  try {
    answer = await post(pulse, body);
  } catch (error) {
    if (error.over) lock();
    return;
  }
  if (isLocked()) return;
  for (const row of waiting()) {
    const who = row.querySelector(".row-who");
    const names = answer.rows[row.dataset.letter];
    if (who) who.textContent = names ? ` · ${fill(list.dataset.saysHere, { names })}` : "";
  }
  if (asked === openId()) show(answer);
}

function show(answer) {
  const place = document.getElementById("here");
  if (!place) return;
  const lines = [...answer.here];
  // the notice with its button says it already, as long as it is so
  const notice = pane.querySelector(".claim");
  const theirs = answer.claim && !answer.claim.mine ? answer.claim : null;
  if (notice && theirs) notice.querySelector("p").textContent = fill(list.dataset.saysInHand, theirs);
  else notice?.remove();
  if (theirs?.taken) lines.unshift(fill(list.dataset.saysTaken, theirs));
  else if (theirs && !notice) lines.unshift(fill(list.dataset.saysInHand, theirs));
  if (answer.decided) lines.unshift(answer.decided);
  const text = lines.join(" ");
  if (place.dataset.text !== text) {
    place.dataset.text = text;
    place.textContent = text;
  }
  place.classList.toggle("here-warn", Boolean(answer.decided || theirs));
  article().classList.toggle("letter-stale", Boolean(answer.decided));
  const row = rowOf(openId());
  if (answer.decided && row) done(row, answer.decided);
}

// Returns whether the open letter was taken in hand before: by its button, or by writing about it.
export function inHand() {
  return pane.querySelector("[data-act=claim]")?.value === "release" || pane.dataset.writing === openId();
}

let turns = Promise.resolve();

// Takes the open letter in hand or lets it go; one after the other, or one that was let go would be taken once more.
export function hand(act) {
  const shown = article();
  if (!shown) return;
  const body = fields({ act });
  turns = turns
    .then(() => post(shown.dataset.claim, body))
    .then(
      () => beat(),
      () => {},
    );
}

// to write is work: it has the letter in hand, and keeps the session, which the pulse alone does not
let handed = 0;
pane.addEventListener("input", (event) => {
  if (!event.target.closest("textarea")) return;
  if (pane.dataset.writing === openId() && Date.now() - handed < IN_HAND) return;
  pane.dataset.writing = openId();
  handed = Date.now();
  hand("write");
});

window.addEventListener("pagehide", () => {
  if (!isLocked()) navigator.sendBeacon(pulse, fields({ left: openId(), gone: "yes" }));
});
document.addEventListener("desk-open", () => beat());
setInterval(() => document.hidden || beat(), BEAT);
