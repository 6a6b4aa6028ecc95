// The editor: saves as you write, never over a colleague's text, and keeps the preview fresh. Without it, "Save" and
// "Preview" do the same, and the parts of the page stand below one another.
"use strict";

// --- the three parts: folded away on a wide screen, one at a time on a narrow one ---

(() => {
  const tabs = document.getElementById("tabs");
  const three = document.getElementById("three");
  if (!tabs || !three) return;
  const wide = matchMedia("(min-width: 68.75rem)");
  const parts = ["source", "write", "look"];
  const places = parts.map((part) => document.getElementById(part));
  const links = parts.map((part) => tabs.querySelector(`[href="#${part}"]`));
  const folded = new Set();
  let shown = "write";

  function draw() {
    document.body.classList.add("with-tabs");
    parts.forEach((part, number) => {
      const open = wide.matches ? !folded.has(part) : part === shown;
      places[number].hidden = !open;
      links[number].setAttribute("aria-expanded", String(open));
      three.classList.toggle(`no-${part}`, !open);
    });
  }

  function choose(part) {
    if (wide.matches) {
      if (folded.has(part)) folded.delete(part);
      else if (folded.size < 2) folded.add(part);
    } else {
      shown = part;
    }
    draw();
  }

  parts.forEach((part, number) => {
    const link = links[number];
    link.setAttribute("role", "button");
    link.setAttribute("aria-controls", part);
    link.setAttribute("aria-keyshortcuts", `Alt+${number + 1}`);
    link.title = `Alt+${number + 1}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(part);
    });
    link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      choose(part);
    });
  });
  document.addEventListener("keydown", (event) => {
    const part = event.altKey && !event.ctrlKey && !event.metaKey && parts[Number(event.code.replace("Digit", "")) - 1];
    if (!part) return;
    event.preventDefault();
    choose(part);
  });
  // an error in the form is jumped to, so the form must be in sight
  document.addEventListener("click", (event) => {
    if (event.target.closest(".error-summary a") && !wide.matches) {
      shown = "write";
      draw();
    }
  });
  wide.addEventListener("change", draw);
  draw();
})();

(() => {
  const form = document.getElementById("draft-form");
  if (!form) return;
  const state = document.getElementById("save-state");
  const frame = document.getElementById("preview");
  const count = document.getElementById("count");
  const area = form.elements.answer;
  const place = `draft ${form.dataset.draft}`;
  const SAVE_AFTER = 800;
  const SAVE_AT_MOST_EVERY = 5000;
  const ASK_AGAIN_AFTER = 10000;
  const NOT_TEXT = ["csrfmiddlewaretoken", "base", "loaded", "insert"];
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

  // --- saving ---

  function save() {
    clearTimeout(timer);
    busy = busy || send().finally(() => (busy = null));
    return busy;
  }

  function post() {
    return fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      credentials: "same-origin",
    });
  }

  // a form posts with the token of the session that it was opened in; this takes the one of the session now, if any
  async function renew() {
    const response = await fetch(form.action, { credentials: "same-origin" });
    if (!response.ok || response.redirected) return false;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const token = fresh.querySelector("[name=csrfmiddlewaretoken]");
    if (!token) return false;
    for (const field of [form.elements.csrfmiddlewaretoken, ...document.querySelectorAll("[name=csrfmiddlewaretoken]")]) field.value = token.value;
    return true;
  }

  async function send() {
    const now = text();
    if (stopped || now === saved) return;
    say("Saving");
    try {
      let response = await post();
      // somebody who signed in again in another tab has a new token
      if (response.status === 403 && (await renew())) response = await post();
      if (response.redirected || response.status === 403) {
        keep(now);
        signedOut = true;
        stop("You were signed out. Your text is kept in this tab: sign in again in another one, then press “Save”.");
        return;
      }
      const answer = await response.json();
      if (response.ok) {
        form.elements.base.value = answer.base;
        form.elements.loaded.value = answer.loaded;
        saved = now;
        forget();
        say(`Saved ${answer.saved}`);
      } else if (response.status === 409) {
        keep(now);
        stop(
          answer.newer
            ? `${answer.newer} saved a newer text. Yours is still here: press “Save” to see both.`
            : `${answer.refused} Press “Save” to see your text beside it.`,
        );
      } else {
        keep(now);
        say(answer.refused || "Not saved yet. Your text is kept on this device.", true);
      }
    } catch {
      keep(now);
      say("Offline, kept on this device", true);
      timer = setTimeout(save, ASK_AGAIN_AFTER);
    } finally {
      last = Date.now();
      since = text() === saved ? 0 : last;
      if (since && !stopped && state.dataset.trouble !== "yes") later();
    }
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

  // --- a copy for as long as this tab is open, and only while the server has not got it ---

  function keep(now) {
    try {
      sessionStorage.setItem(place, now);
    } catch {
      // no room, or not allowed: the text still stands on the page
    }
  }

  function forget() {
    try {
      sessionStorage.removeItem(place);
    } catch {
      // nothing was kept
    }
  }

  function bringBack() {
    let kept = null;
    try {
      kept = sessionStorage.getItem(place);
    } catch {
      return;
    }
    if (kept === text() && kept !== saved) return;
    if (!kept || kept === saved) {
      forget();
      return;
    }
    const box = document.createElement("p");
    box.className = "notice-warn";
    box.setAttribute("role", "alert");
    box.append("This tab kept a text that was not saved. ");
    const button = (words, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "small-button";
      made.textContent = words;
      made.addEventListener("click", () => {
        act();
        forget();
        box.remove();
      });
      box.append(made, " ");
    };
    button("Put it into the form", () => {
      const words = Object.fromEntries(JSON.parse(kept));
      for (const [name, value] of Object.entries(words)) {
        const field = form.elements[name];
        if (field && field.type !== "checkbox") field.value = value;
      }
      form.elements.care.checked = "care" in words;
      changed();
    });
    button("Throw it away", () => {});
    form.prepend(box);
  }

  // --- the preview: the frame's text is exchanged, not the frame, so that it stays where it was scrolled to ---

  let showing = 0;
  async function show() {
    const mine = ++showing;
    try {
      const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      if (!response.ok || response.redirected) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
      const here = frame.contentDocument && frame.contentDocument.getElementById("main");
      if (fresh && here && mine === showing) here.replaceWith(frame.contentDocument.adoptNode(fresh));
    } catch {
      // it is shown again with the next change
    }
  }

  // --- what happens with each change ---

  let preview = 0;
  function changed() {
    if (!stopped) say("");
    later();
    clearTimeout(preview);
    preview = setTimeout(show, SAVE_AFTER);
    const words = (part) => (form.elements[part].value.match(/[\p{L}\p{N}_]+(?:['’-][\p{L}\p{N}_]+)*/gu) || []).length;
    const answer = words("answer");
    const minutes = Math.max(1, Math.ceil((answer + words("question")) / 220));
    count.textContent = `${answer} word${answer === 1 ? "" : "s"} in the answer · ${minutes} minute${minutes === 1 ? "" : "s"} to read in all`;
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

  // --- keys: Mod+S saves; in the answer Mod+B, Mod+I, and Enter goes on with a list. Tab leaves, as everywhere ---

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (stopped) form.requestSubmit(document.getElementById("save"));
      else save().then(() => text() === saved && !state.textContent && say("Saved"));
    }
  });

  function put(words, from = area.selectionStart, to = area.selectionEnd) {
    area.focus();
    area.setSelectionRange(from, to);
    // keeps the browser's own undo, where it can
    if (!document.execCommand("insertText", false, words)) {
      area.setRangeText(words, from, to, "end");
      changed();
    }
  }

  area.addEventListener("keydown", (event) => {
    const mark = { b: "**", i: "*" }[event.key.toLowerCase()];
    if (mark && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
      put(mark + chosen + mark);
      if (!chosen) area.setSelectionRange(area.selectionEnd - mark.length, area.selectionEnd - mark.length);
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (area.selectionStart !== area.selectionEnd) return;
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const line = area.value.slice(start, area.selectionStart);
    const item = line.match(/^(\s*)([-*>]|(\d+)\.)\s+(\S?)/);
    if (!item) return;
    event.preventDefault();
    if (!item[4]) put("", start, area.selectionStart);
    else put(`\n${item[1]}${item[3] ? `${Number(item[3]) + 1}.` : item[2]} `);
  });

  // --- the parts of an answer: a heading where the cursor stands, without leaving the page ---

  for (const button of form.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const before = area.value.slice(0, area.selectionEnd).trimEnd();
      put(`${before ? "\n\n" : ""}${button.dataset.insert}\n\n`, before.length, area.selectionEnd);
    });
  }

  // --- leaving: what leads away saves first ---

  for (const away of document.querySelectorAll("form[data-leaves]")) {
    away.addEventListener("submit", async (event) => {
      if (leaving || text() === saved) {
        leaving = true;
        return;
      }
      event.preventDefault();
      const { submitter } = event;
      await save();
      if (text() !== saved) await save();
      if (text() !== saved) return;
      leaving = true;
      away.requestSubmit(submitter);
    });
  }
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (submitter && submitter.formTarget === "preview") return;
    clearTimeout(timer);
    if (signedOut) {
      // posted without a session, the text would be lost on the way to the sign-in
      event.preventDefault();
      const again = await renew().catch(() => false);
      if (!again) {
        say("You are still signed out. Your text is kept in this tab: sign in again in another one.", true);
        return;
      }
      signedOut = false;
      form.requestSubmit(submitter);
      return;
    }
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && text() !== saved) {
      keep(text());
      event.preventDefault();
    }
  });

  // --- the desk locks itself: what is not saved is saved now, out of sight, or stays in the tab ---

  async function settle() {
    if (text() !== saved) await save();
    if (text() !== saved) await save();
    if (text() !== saved) keep(text());
    return text() === saved;
  }
  document.addEventListener("desk-lock", (event) => event.detail.set(form, settle()));
  document.addEventListener("desk-open", () => {
    frame.addEventListener("load", show, { once: true });
    if (signedOut) signedOut = stopped = false;
    if (text() !== saved) save();
  });
  bringBack();
})();
