// The rows of the list: which of them wait, which is next, and what was decided about each.
import { getText } from "../requests.js";
import { list, openId } from "./page.js";

export const rowOf = (id) => list.querySelector(`.row[data-letter="${CSS.escape(id)}"]`);
export const linkOf = (row) => row.querySelector("a");
export const waiting = () => [...list.querySelectorAll(".row:not(.row-done)")];
export const chosen = () => [...list.querySelectorAll("[name=letters]:checked")];

// Returns the row to go on with: after a heavy letter a light one, if there is one; else in the list's order.
export function following(row) {
  const rest = waiting().filter((other) => other !== row);
  const after = rest.filter((other) => row && row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (row && "heavy" in row.dataset) return rest.find((other) => !("heavy" in other.dataset)) || after[0] || rest[0];
  return rest.find((other) => "heavy" in other.dataset) || after[0] || rest[0];
}

// Moves the focus from row to row.
export function step(by) {
  const all = waiting();
  const focused = all.findIndex((row) => row.contains(document.activeElement));
  const open = all.findIndex((row) => row.dataset.letter === openId());
  const from = focused >= 0 ? focused : open;
  const to = all[Math.min(Math.max(from + by, 0), all.length - 1)];
  if (!to) return;
  linkOf(to).focus();
  to.scrollIntoView({ block: "nearest" });
}

// Chooses the row that has the focus, or the one that is open, for what is done with several letters.
export function choose() {
  const row = list.querySelector(".row:focus-within") || list.querySelector(".row-open");
  row?.querySelector("[name=letters]")?.click();
}

export function done(row, text) {
  row.classList.add("row-done");
  let line = row.querySelector(".row-decided");
  if (!line) {
    line = document.createElement("span");
    line.className = "row-decided";
    linkOf(row).append(line);
  }
  line.textContent = text;
}

export function undone(row) {
  row.classList.remove("row-done");
  row.querySelector(".row-decided")?.remove();
}

// Puts the letters after the last one into the list.
export async function further(link) {
  const html = await getText(link.href, "rows").catch(() => null);
  if (html === null) {
    location.assign(link.href);
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const first = holder.content.querySelector(".row a");
  link.closest("li").replaceWith(holder.content);
  if (first) first.focus();
}
