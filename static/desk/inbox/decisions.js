// Decisions: the next letter is shown while one is on its way, and what the desk answers stands in its row and above.
import { announce, tell } from "../messages.js";
import { post } from "../requests.js";
import { fill } from "../sentences.js";
import { empty, forget, hold, letGo, open } from "./letter.js";
import { list, openId, pane } from "./page.js";
import { done, following, rowOf, undone } from "./rows.js";

// pressed twice, a decision is sent once
const sending = new Set();

// `data-decision` on a form says what becomes of the open letter: "" gives way to the next one, "stays", or "undo".
async function decide(form, submitter) {
  const body = new FormData(form, submitter);
  const address = form.action;
  if (sending.has(address)) return;
  sending.add(address);
  const kind = form.dataset.decision;
  const id = form.closest("[data-letter]")?.dataset.letter || "";
  const row = rowOf(id);
  const line = announce(kind === "undo" ? "undo" : "decision");
  form.closest("dialog")?.close("sent");
  form.closest(".said-line")?.remove();
  if (kind === "" && row) goOn(row);
  let answer;
  try {
    answer = await post(address, body);
  } catch (error) {
    sending.delete(address);
    await failed({ error, form, kind, row, line });
    return;
  }
  sending.delete(address);
  if (!answer.ok) await refuse({ answer, kind, row, line });
  else {
    tell(answer.said, { undo: answer.undo ? { address: answer.undo, letter: id } : null, line });
    if (row) await settle({ answer, kind, row });
  }
  letGo(id);
}

function goOn(row) {
  const next = following(row);
  done(row, "…");
  hold(row.dataset.letter);
  if (next) open(next);
  else empty();
}

async function failed({ error, form, kind, row, line }) {
  // the session is over: the desk shows every word that was typed, and then asks for the sign-in
  if (error.over && form.isConnected) {
    HTMLFormElement.prototype.submit.call(form);
    return;
  }
  if (row) {
    undone(row);
    if (kind === "") await open(row);
    letGo(row.dataset.letter);
  }
  tell(list.dataset.saysNotDecided, { warn: true, line });
}

async function refuse({ answer, kind, row, line }) {
  tell(answer.refused, { warn: true, line });
  if (!row) return;
  if (answer.in_hand) {
    undone(row);
    await open(row);
  } else if (kind === "") done(row, answer.refused);
}

async function settle({ answer, kind, row }) {
  if (kind === "") {
    done(row, answer.said);
    return;
  }
  undone(row);
  const id = row.dataset.letter;
  forget(id);
  if (kind === "undo" || openId() === id) await open(row, { push: openId() !== id });
}

document.addEventListener("submit", (event) => {
  if (!("decision" in event.target.dataset)) return;
  event.preventDefault();
  decide(event.target, event.submitter);
});

// whose the letter is changes in place, too
pane.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("claim" in form.dataset)) return;
  event.preventDefault();
  const row = rowOf(openId());
  const answer = await post(form.action, new FormData(form, event.submitter)).catch(() => null);
  if (!answer || !row) {
    location.reload();
    return;
  }
  // one that was fetched before says still whose it was then
  forget(openId());
  await open(row, { push: false });
  const { claim } = answer;
  if (!claim) tell(list.dataset.saysFree);
  else tell(claim.mine ? list.dataset.saysMine : fill(list.dataset.saysInHand, claim));
});
