// Words that were typed about a letter and not sent wait in memory for their letter to be shown again.
import { openId, pane } from "./page.js";

const unsent = new Map();

function keep(field) {
  const typed = unsent.get(openId()) || new Map();
  if (field.value) typed.set(field.name, field.value);
  else typed.delete(field.name);
  unsent.set(openId(), typed);
}

export function refill() {
  for (const [name, value] of unsent.get(openId()) || []) {
    const field = pane.querySelector(`textarea[name="${CSS.escape(name)}"]`);
    if (!field || field.value) continue;
    field.value = value;
    const folded = field.closest("details");
    if (folded) folded.open = true;
  }
}

pane.addEventListener("input", (event) => event.target.matches("textarea") && keep(event.target));
pane.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll("textarea")) unsent.get(openId())?.delete(field.name);
});
// words for a letter that is not the open one are a loss when the desk locks itself
document.addEventListener("desk-lock", (event) => {
  const others = [...unsent].some(([id, kept]) => id !== openId() && kept.size);
  event.detail.set(unsent, !others);
});
