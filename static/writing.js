// The editor: saves as you write, never over a colleague's text, and keeps the preview fresh. Without it, "Save" and
// "Preview" do the same.
"use strict";

(() => {
  const form = document.getElementById("draft-form");
  if (!form) return;
  const state = document.getElementById("save-state");
  const frame = document.getElementById("preview");
  const count = document.getElementById("count");
  const SAVE_AFTER = 800;
  const SAVE_AT_MOST_EVERY = 5000;
  let saved = text();
  let timer = 0;
  let last = 0;
  let busy = false;
  let stopped = false;

  function text() {
    const data = new FormData(form);
    data.delete("base");
    return JSON.stringify([...data]);
  }

  async function save() {
    clearTimeout(timer);
    if (busy || stopped) return;
    const now = text();
    if (now === saved) return;
    busy = true;
    state.textContent = "Saving";
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (response.redirected) throw new Error("signed out");
      const answer = await response.json();
      if (response.ok) {
        form.elements.base.value = answer.base;
        saved = now;
        state.textContent = `Saved ${answer.saved}`;
      } else if (response.status === 409) {
        stopped = true;
        state.textContent = answer.newer
          ? `${answer.newer} saved a newer text. Yours is still here: press “Save” to see both.`
          : `${answer.refused} Your text is still here.`;
      } else {
        state.textContent = answer.refused || "Not saved. Your text is still here.";
      }
    } catch {
      state.textContent = "Not saved: no connection, or you were signed out. Your text stays on this page.";
    }
    last = Date.now();
    busy = false;
    if (!stopped && text() !== saved) later();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(SAVE_AFTER, last + SAVE_AT_MOST_EVERY - Date.now()));
  }

  // the frame's text is exchanged, not the frame, so that it stays where it was scrolled to
  let showing = 0;
  async function show() {
    const mine = ++showing;
    try {
      const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      if (!response.ok || response.redirected || mine !== showing) return;
      const next = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
      const here = frame.contentDocument.getElementById("main");
      if (next && here) here.replaceWith(frame.contentDocument.adoptNode(next));
    } catch {
      // the preview is shown again with the next change
    }
  }

  let preview = 0;
  form.addEventListener("input", () => {
    if (!stopped) state.textContent = "";
    later();
    clearTimeout(preview);
    preview = setTimeout(show, SAVE_AFTER);
    const words = (form.elements.answer.value.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) || []).length;
    count.textContent = `${words} words in the answer`;
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[type=submit]"));
    }
  });

  // moves that leave the page save first
  for (const leaving of document.querySelectorAll("form[data-leaves]")) {
    leaving.addEventListener("submit", async (event) => {
      if (text() === saved || leaving.dataset.ready) return;
      event.preventDefault();
      await save();
      if (text() === saved) {
        leaving.dataset.ready = "yes";
        leaving.requestSubmit();
      }
    });
  }

  window.addEventListener("beforeunload", (event) => {
    if (text() !== saved && !form.dataset.sent) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (!event.submitter || event.submitter.formTarget !== "preview") form.dataset.sent = "yes";
  });

  for (const item of document.querySelectorAll("#outline [data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small-button";
    button.textContent = "Add";
    button.setAttribute("aria-label", `Add “${item.dataset.insert.replace("## ", "")}”`);
    button.addEventListener("click", () => {
      const area = form.elements.answer;
      area.value = `${area.value.trimEnd()}\n\n${item.dataset.insert}\n\n`.trimStart();
      area.dispatchEvent(new Event("input", { bubbles: true }));
      area.focus();
      area.setSelectionRange(area.value.length, area.value.length);
    });
    item.append(" ", button);
  }
})();
