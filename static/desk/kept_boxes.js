// Boxes that are sent as a whole, such as a decline, a note, a question: what is typed into them is kept on this device
// until it is sent. Such a form has `data-keeps`; forms with one address are for the same words.
import { canKeep, forget, keep, kept, markSent, offer, says } from "./kept_copy.js";

const KEEP_AFTER = 500;
const placeOf = (form) => new URL(form.getAttribute("action"), location.href).pathname;
const boxes = (form) => [...form.querySelectorAll("textarea, input[type=text]")].filter((field) => field.name);
const isTyped = (form) => boxes(form).some((field) => field.value !== field.defaultValue);
const timers = new WeakMap();

function keepNow(form) {
  if (isTyped(form)) keep(placeOf(form), JSON.stringify(boxes(form).map(({ name, value }) => [name, value])));
  else forget(placeOf(form));
}

function sayNothingKept(form) {
  if (form.querySelector(".nothing-kept")) return;
  const line = document.createElement("p");
  line.className = "quiet nothing-kept";
  line.textContent = says.saysNothingKept;
  form.append(line);
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-keeps]");
  if (!form) return;
  clearTimeout(timers.get(form));
  if (!canKeep) sayNothingKept(form);
  timers.set(form, setTimeout(keepNow, KEEP_AFTER, form));
});

document.addEventListener("submit", ({ target, defaultPrevented }) => {
  if (!("keeps" in target.dataset) || defaultPrevented) return;
  clearTimeout(timers.get(target));
  markSent(placeOf(target));
});

function putBack(form, words) {
  for (const [name, value] of JSON.parse(words)) {
    const field = boxes(form).find((box) => box.name === name);
    if (!field || !value) continue;
    field.value = value;
    const folded = field.closest("details");
    if (folded) folded.open = true;
  }
}

async function look(form) {
  const place = placeOf(form);
  const words = await kept(place);
  if (!words || !form.isConnected) return;
  const stands = ([name, value]) => boxes(form).some((box) => box.name === name && box.value === value);
  if (JSON.parse(words).every(stands)) return;
  const folded = form.closest("details");
  if (folded) folded.open = true;
  offer(form, [
    [says.saysPutBack, () => putBack(form, words)],
    [says.saysThrowAway, () => forget(place)],
  ]);
}

// Offers what was kept for the forms in this part of the page.
export function offerKept(root) {
  for (const form of root.querySelectorAll("form[data-keeps]")) look(form);
}

offerKept(document);
