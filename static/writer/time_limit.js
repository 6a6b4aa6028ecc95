// Pages that are open for half an hour: two minutes before the end the page says so, and can be kept open by one button,
// which stands in the page without script too. At the end an open letter is taken off the screen, unless something is
// typed on it.
import { anyTyped } from "./fields.js";

const WARNS = 120 * 1000;
const limit = () => document.querySelector(".time-limit");
const words = (box) => box.querySelector(".time-limit-words");

// a page that comes back on the way back is as old as it was
function begin() {
  const box = limit();
  if (!box || box.dataset.since) return;
  box.dataset.since = Date.now();
  box.hidden = true;
}

function warn(box) {
  box.dataset.stands = "near";
  box.hidden = false;
  box.classList.add("time-limit-near");
  words(box).textContent = box.dataset.saysSoon;
}

function end(box) {
  box.dataset.stands = "over";
  box.hidden = false;
  box.querySelector("form").hidden = true;
  words(box).textContent = box.dataset.saysOver;
  if ("closes" in box.dataset && !anyTyped()) {
    document.dispatchEvent(
      new CustomEvent("path-closed", { detail: box.querySelector("form").getAttribute("action") }),
    );
  }
}

function look() {
  const box = limit();
  if (!box || box.dataset.stands === "over") return;
  const rest = Number(box.dataset.since) + Number(box.dataset.lasts) * 1000 - Date.now();
  if (rest <= 0) end(box);
  else if (rest <= WARNS && !box.dataset.stands) warn(box);
}

setInterval(look, 5000);
document.addEventListener("visibilitychange", look);
document.addEventListener("page-shown", begin);
begin();
