// The editor of a draft: saves as somebody writes, never over a colleague's text. Without it, "Save" and "Preview" do
// the same.
import { canKeep, forget, keep, kept, offer, prepare, says as saysOfCopies } from "../kept_copy.js";
import { getText, post } from "../requests.js";
import { fill, plural } from "../sentences.js";
import { previewOf } from "./preview.js";
import { helpTyping } from "./typing.js";

const SAVE_AFTER = 800;
const KEEP_AFTER = 400;
const SAVE_AT_MOST_EVERY = 5000;
const ASK_AGAIN_AFTER = 10000;
const NOT_TEXT = ["csrfmiddlewaretoken", "base", "loaded", "insert"];
const WORDS_A_MINUTE = 220;

export function edit(form) {
  const says = form.dataset;
  const state = document.getElementById("save-state");
  const frame = document.getElementById("preview");
  const count = document.getElementById("count");
  const place = `draft ${form.dataset.draft}`;
  const show = previewOf(form, frame);
  // after a save that was refused the page shows a text that no version holds yet
  let saved = "unsaved" in form.dataset ? "" : text();
  let timer = 0;
  let last = 0; // when a save ended
  let since = 0; // since when something is not saved
  let busy = null;
  let stopped = false;
  let signedOut = false;
  let leaving = false;

  function text() {
    const data = new FormData(form);
    for (const name of NOT_TEXT) data.delete(name);
    return JSON.stringify([...data]);
  }

  const isSaved = () => text() === saved;

  // --- saving ---

  function save() {
    clearTimeout(timer);
    busy = busy || send().finally(() => (busy = null));
    return busy;
  }

  // an answer may be too long for a request that outlives its page
  const postForm = () => post(form.action, new FormData(form), { keepalive: false });
  const withoutSession = ({ response }) => response && (response.redirected || response.status === 403);

  // a form posts with the token of the session that it was opened in; this takes the one of the session now, if any
  async function renew() {
    let html = "";
    try {
      html = await getText(form.action);
    } catch (error) {
      if (!error.response) throw error;
      return false;
    }
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const token = fresh.querySelector("[name=csrfmiddlewaretoken]");
    if (!token) return false;
    for (const field of [form.elements.csrfmiddlewaretoken, ...document.querySelectorAll("[name=csrfmiddlewaretoken]")])
      field.value = token.value;
    return true;
  }

  async function postWithSession() {
    try {
      return await postForm();
    } catch (error) {
      // somebody who signed in again in another tab has a new token
      if (error.response?.status === 403 && (await renew())) return postForm();
      throw error;
    }
  }

  async function send() {
    const now = text();
    if (stopped || now === saved) return;
    say(says.saysSaving);
    try {
      take(await postWithSession(), now);
    } catch (error) {
      keep(place, now);
      if (withoutSession(error)) {
        signedOut = true;
        stop(says.saysSignedOut);
        return;
      }
      say(canKeep ? says.saysOffline : saysOfCopies.saysNothingKept, true);
      timer = setTimeout(save, ASK_AGAIN_AFTER);
    } finally {
      last = Date.now();
      since = isSaved() ? 0 : last;
      if (since && !stopped && state.dataset.trouble !== "yes") later();
    }
  }

  function take(answer, now) {
    if (answer.ok) {
      form.elements.base.value = answer.base;
      form.elements.loaded.value = answer.loaded;
      saved = now;
      if (isSaved()) forget(place);
      say(fill(says.saysSavedAt, { time: answer.saved }));
      return;
    }
    keep(place, now);
    if (answer.status !== 409)
      say(answer.refused || (canKeep ? says.saysNotSaved : saysOfCopies.saysNothingKept), true);
    else if (answer.newer) stop(fill(says.saysNewer, { name: answer.newer }));
    else stop(fill(says.saysRefused, { why: answer.refused }));
  }

  // 800 ms after the last key, at most every five seconds; and every five seconds also while somebody types on and on
  function later() {
    if (stopped) return;
    const now = Date.now();
    since = since || now;
    const soon = Math.min(SAVE_AFTER, since + SAVE_AT_MOST_EVERY - now);
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, soon, last + SAVE_AT_MOST_EVERY - now));
  }

  function say(words, trouble = false) {
    state.textContent = words;
    state.dataset.trouble = trouble ? "yes" : "";
  }

  function stop(words) {
    stopped = true;
    say(words, true);
  }

  // --- what this device kept ---

  async function bringBack() {
    prepare(place);
    const copy = await kept(place);
    if (copy === text() && !isSaved()) return;
    if (!copy || copy === saved) {
      forget(place);
      return;
    }
    offer(form, [
      [saysOfCopies.saysPutBack, () => putBack(copy)],
      [saysOfCopies.saysThrowAway, () => forget(place)],
    ]);
  }

  function putBack(copy) {
    const entries = JSON.parse(copy);
    const words = Object.fromEntries(entries);
    for (const field of form.elements) {
      if (field.type === "checkbox")
        field.checked = entries.some(([name, value]) => name === field.name && value === field.value);
      else if (field.name in words) field.value = words[field.name];
    }
    changed();
  }

  // --- what happens with each change ---

  let preview = 0;
  let keeping = 0;
  function changed() {
    if (!stopped) say("");
    later();
    clearTimeout(keeping);
    keeping = setTimeout(() => isSaved() || keep(place, text()), KEEP_AFTER);
    clearTimeout(preview);
    preview = setTimeout(show, SAVE_AFTER);
    const words = (part) => (form.elements[part].value.match(/[\p{L}\p{N}_]+(?:['’-][\p{L}\p{N}_]+)*/gu) || []).length;
    const answer = words("answer");
    const minutes = Math.max(1, Math.ceil((answer + words("question")) / WORDS_A_MINUTE));
    count.textContent = `${plural(count.dataset.saysWords, answer)} · ${plural(count.dataset.saysMinutes, minutes)}`;
  }
  if (!saved) {
    // the frame shows what is saved; the form holds another text
    frame.addEventListener("load", show);
    show();
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  document.addEventListener("visibilitychange", () => document.hidden && since && save());
  window.addEventListener("online", () => since && save());

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (stopped) form.requestSubmit(document.getElementById("save"));
      else save().then(() => isSaved() && !state.textContent && say(says.saysSaved));
    }
  });
  helpTyping(form.elements.answer, { insertions: form.querySelectorAll("[data-insert]"), changed });

  // --- leaving: what leads away saves first ---

  // a save that was under way may have begun before the last word
  async function settle() {
    if (!isSaved()) await save();
    if (!isSaved()) await save();
    return isSaved();
  }

  for (const away of document.querySelectorAll("form[data-leaves]")) {
    away.addEventListener("submit", async (event) => {
      if (leaving || isSaved()) {
        leaving = true;
        return;
      }
      event.preventDefault();
      const { submitter } = event;
      if (!(await settle())) return;
      leaving = true;
      away.requestSubmit(submitter);
    });
  }
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (submitter?.formTarget === "preview") return;
    clearTimeout(timer);
    if (!signedOut) {
      leaving = true;
      return;
    }
    // posted without a session, the text would be lost on the way to the sign-in
    event.preventDefault();
    const again = await renew().catch(() => false);
    if (!again) {
      say(says.saysStillSignedOut, true);
      return;
    }
    signedOut = false;
    form.requestSubmit(submitter);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && !isSaved()) {
      keep(place, text());
      event.preventDefault();
    }
  });

  // --- the desk locks itself: what is not saved is saved now, out of sight, or is kept ---

  async function settleLocked() {
    if (await settle()) return true;
    keep(place, text());
    return isSaved();
  }
  document.addEventListener("desk-lock", (event) => event.detail.set(form, settleLocked()));
  document.addEventListener("desk-open", () => {
    frame.addEventListener("load", show, { once: true });
    if (signedOut) signedOut = stopped = false;
    if (!isSaved()) save();
  });
  bringBack();
}
