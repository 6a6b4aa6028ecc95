// How many letters have come since the list was shown. They are said, and do not move the list.
import { isLocked, lock } from "../lock.js";
import { get } from "../requests.js";
import { plural } from "../sentences.js";
import { list } from "./page.js";

const button = document.getElementById("news");
const EVERY = 30000;

async function ask() {
  let answer;
  try {
    answer = await (await get(list.dataset.news)).json();
  } catch (error) {
    if (error.over) lock();
    return;
  }
  button.hidden = !answer.new;
  button.textContent = plural(button.dataset.saysNew, answer.new);
}

button.addEventListener("click", () => location.assign(list.dataset.here));
setInterval(() => isLocked() || document.hidden || ask(), EVERY);
