// Presence. Every ten seconds this page tells the server which letter is open and what the person is doing. The answer
// names colleagues at the same letter and at the rows of the list, and who has claimed the open letter ("in hand").
import { isLocked, lock } from "../lock.js";
import { fields, post } from "../requests.js";
import { fill } from "../sentences.js";
import { article, list, openId, pane } from "./page.js";
import { done, rowOf, waiting } from "./rows.js";

const { pulse } = list.dataset;
const MINUTE = 60000;
const BEAT = 10000;
// a claim ends on the server after five minutes, so it is renewed a minute earlier while the person goes on writing
const IN_HAND = 4 * MINUTE;

// The time of the last input, from which doing() tells reading from an idle page. Locking has its own clock in lock.js.
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

// Sends one report and shows the answer. `left`: the id of the letter that was open before, so that the server removes
// the person there at once and not only when its entry expires.
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
  // The notice came with the page and has a button. While it is still true it is updated, and the sentence is not
  // repeated in #here.
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

// Returns whether this person has claimed the open letter, with the button or by writing about the letter.
export function inHand() {
  return pane.querySelector("[data-act=claim]")?.value === "release" || pane.dataset.writing === openId();
}

let turns = Promise.resolve();

// Claims the open letter or releases the claim (`act`). The requests are sent one after the other: a slow claim that
// arrived after its release would claim the letter again.
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

// Writing claims the letter. The request also keeps the session alive, which the reports of beat() do not: they are sent
// without anybody at the keyboard.
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
