// The inbox: the list stays, letters change beside it, and a decision leads to the next letter at once. What cannot be
// done here is done by the links and forms themselves.
import { said, tell, undoLast } from "../messages.js";
import "./decisions.js";
import "./news.js";
import { fetchLetter, goOn, open } from "./letter.js";
import { list, openId, pane } from "./page.js";
import { fetchPanels } from "./panels.js";
import { beat } from "./presence.js";
import { choose, chosen, further, rowOf, step, waiting } from "./rows.js";

// --- what was said stays in sight, below; the page and the letter end above it, so that it covers nothing in focus ---

said.classList.add("messages-below");
new ResizeObserver(() => {
  for (const box of [document.documentElement, pane.parentElement, pane])
    box.style.setProperty("--said", `${said.offsetHeight}px`);
  const focused = document.activeElement;
  if (!focused || focused === document.body || said.contains(focused) || !said.offsetHeight) return;
  const box = focused.getBoundingClientRect();
  if (box.height < 200 && box.top < innerHeight && box.bottom > said.getBoundingClientRect().top)
    focused.scrollIntoView({ block: "nearest" });
}).observe(said);

// --- shortcuts that mean something of their own here ---

function together(boxes) {
  const [first, ...others] = boxes.map((box) => box.value);
  location.assign(`${rowOf(first).dataset.together}?${others.map((id) => `with=${id}`).join("&")}`);
}

function nextPersonal() {
  const marks = [...pane.querySelectorAll("mark.detail")];
  const at = marks.indexOf(document.activeElement);
  marks[(at + 1) % marks.length]?.focus();
}

let nothing = null;

// pressed again and again, it says so once
function sayNothingToUndo() {
  nothing?.remove();
  nothing = tell(list.dataset.saysNoUndo, {
    more: { address: list.dataset.did, words: list.dataset.saysDid },
  });
}

document.addEventListener("desk-act", (event) => {
  const boxes = chosen();
  const acts = {
    next: () => step(1),
    previous: () => step(-1),
    select: choose,
    undo: () => undoLast() || sayNothingToUndo(),
    together: boxes.length > 1 && (() => together(boxes)),
    decline: boxes.length > 0 && (() => document.getElementById("many").requestSubmit()),
    personal: nextPersonal,
  };
  const act = acts[event.detail];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("#rows .row a, a[data-letter], [data-further]");
  if (!link) return;
  if ("further" in link.dataset) {
    event.preventDefault();
    further(link);
    return;
  }
  const row = rowOf(link.closest("[data-letter]").dataset.letter);
  if (!row) return;
  event.preventDefault();
  open(row);
});

window.addEventListener("popstate", () => location.reload());

const start = rowOf(openId()) || waiting()[0];
if (start && openId()) goOn(start);
else if (start) fetchLetter(start).catch(() => {});
fetchPanels();
beat();
