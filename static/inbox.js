// The inbox: the list stays, letters change beside it, and a decision leads to the next letter at once. What cannot be
// done here is done by the links and forms themselves.
"use strict";

(() => {
  const list = document.getElementById("rows");
  if (!list) return;
  const { letters, pulse, panels: panelsAddress, news: newsAddress, here: viewAddress } = list.dataset;
  const pane = document.getElementById("letter");
  const said = document.getElementById("said");
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

  // --- what was said stays in sight, below; the page and the letter end above it, so that it covers nothing in focus ---

  said.classList.add("messages-below");
  new ResizeObserver(() => {
    for (const one of [document.documentElement, pane.parentElement, pane]) one.style.setProperty("--said", `${said.offsetHeight}px`);
    const focused = document.activeElement;
    if (!focused || focused === document.body || said.contains(focused) || !said.offsetHeight) return;
    const box = focused.getBoundingClientRect();
    if (box.height < 200 && box.top < innerHeight && box.bottom > said.getBoundingClientRect().top) focused.scrollIntoView({ block: "nearest" });
  }).observe(said);

  // --- rows ---

  const rowOf = (id) => list.querySelector(`.row[data-letter="${CSS.escape(id)}"]`);
  const linkOf = (row) => row.querySelector("a");
  const waiting = () => [...list.querySelectorAll(".row:not(.row-done)")];
  const openId = () => pane.querySelector("article.letter")?.dataset.letter || "";

  // after a heavy letter a light one, if there is one; else in the list's order
  function following(row) {
    const rest = waiting().filter((other) => other !== row);
    const after = rest.filter((other) => row && row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (row && "heavy" in row.dataset) return rest.find((other) => !("heavy" in other.dataset)) || after[0] || rest[0];
    return rest.find((other) => "heavy" in other.dataset) || after[0] || rest[0];
  }

  function step(by) {
    const all = waiting();
    const focused = all.findIndex((row) => row.contains(document.activeElement));
    const open = all.findIndex((row) => row.dataset.letter === openId());
    const from = focused >= 0 ? focused : open;
    const to = all[Math.min(Math.max(from + by, 0), all.length - 1)];
    if (!to) return;
    linkOf(to).focus();
    to.scrollIntoView({ block: "nearest" });
  }

  // --- letters: fetched ahead, kept in memory alone, used once ---

  const ahead = new Map();

  function fetchPane(row) {
    const id = row.dataset.letter;
    if (!ahead.has(id)) {
      const asked = fetch(linkOf(row).href, { credentials: "same-origin", headers: { "X-Steady": "pane" } }).then(async (response) => {
        if (!response.ok || response.redirected) throw new Error("no letter");
        return response.text();
      });
      asked.catch(() => ahead.delete(id));
      ahead.set(id, asked);
    }
    return ahead.get(id);
  }

  function lookAhead(row) {
    const next = following(row);
    const wanted = [next, next && following(next)].filter(Boolean);
    const keep = new Set(wanted.map((other) => other.dataset.letter));
    for (const id of ahead.keys()) if (!keep.has(id)) ahead.delete(id);
    for (const other of wanted) fetchPane(other);
  }

  // a letter that is shown anew stands as the person left it: unfolded, scrolled, the cursor where it was
  function stood() {
    const at = document.activeElement;
    const inside = pane.contains(at);
    return {
      more: pane.querySelector(".more-acts")?.open,
      scrolled: pane.scrollTop,
      elsewhere: !inside && at !== document.body,
      act: inside && at.dataset.act,
      field: inside && at.matches("textarea") && { name: at.name, from: at.selectionStart, to: at.selectionEnd },
    };
  }

  function standAgain({ more, scrolled, elsewhere, act, field }) {
    const folded = pane.querySelector(".more-acts");
    if (folded && more) folded.open = true;
    const one = field
      ? pane.querySelector(`textarea[name="${CSS.escape(field.name)}"]`)
      : act && pane.querySelector(`[data-act="${CSS.escape(act)}"]`);
    if (field && one) one.setSelectionRange(field.from, field.to);
    if (!elsewhere) (one || pane.querySelector("#letter-title"))?.focus({ preventScroll: true });
    pane.scrollTop = scrolled;
  }

  let opening = 0;

  async function open(row, { push = true } = {}) {
    const link = linkOf(row);
    const turn = ++opening;
    let html;
    try {
      const asked = fetchPane(row);
      ahead.delete(row.dataset.letter);
      html = await asked;
    } catch (problem) {
      // a decision that is on its way arrives before the page is left
      await Promise.allSettled([...onTheirWay]);
      if (turn !== opening) return;
      if (problem instanceof TypeError) tell("The letter did not come: there is no connection. Please choose it again.", { warn: true });
      else location.assign(link.href);
      return;
    }
    // somebody who is quick has gone on meanwhile
    if (turn !== opening) return;
    const left = openId();
    const anew = left === row.dataset.letter && stood();
    pane.innerHTML = html;
    pane.classList.remove("pane-empty");
    document.querySelector("main").classList.add("panes-open");
    for (const other of list.querySelectorAll(".row-open")) {
      other.classList.remove("row-open");
      linkOf(other).removeAttribute("aria-current");
    }
    row.classList.add("row-open");
    linkOf(row).setAttribute("aria-current", "true");
    prepare();
    const title = pane.querySelector("#letter-title");
    if (title) document.title = title.textContent;
    if (push) history.pushState({}, "", link.href);
    // everything is in its place by now, so that it is laid out once
    row.scrollIntoView({ block: "nearest" });
    if (anew) standAgain(anew);
    else {
      if (title) title.focus({ preventScroll: true });
      pane.scrollTop = 0;
      // where the letter stands in place of the list, it begins at its beginning
      if (!linkOf(row).offsetParent) scrollTo(0, 0);
    }
    lookAhead(row);
    if (left !== row.dataset.letter) delete pane.dataset.writing;
    beat(left && left !== row.dataset.letter ? left : "");
  }

  function empty() {
    opening += 1;
    pane.innerHTML = "";
    const line = document.createElement("p");
    line.className = "empty";
    line.tabIndex = -1;
    line.textContent = "Every letter of this list has been looked at.";
    pane.append(line);
    line.focus();
  }

  // letters that are alike are looked for once somebody stays with a letter
  let stays = 0;

  function lookAlike() {
    clearTimeout(stays);
    const place = pane.querySelector("#alike");
    if (!place) return;
    stays = setTimeout(async () => {
      const response = await fetch(place.dataset.address, { credentials: "same-origin", headers: { "X-Steady": "part" } }).catch(() => null);
      if (!response || !response.ok || response.redirected || !place.isConnected) return;
      place.innerHTML = await response.text();
    }, 800);
  }

  // words that were typed and not sent wait in memory for their letter to be shown again
  const unsent = new Map();

  function keep(field) {
    const typed = unsent.get(openId()) || new Map();
    if (field.value) typed.set(field.name, field.value);
    else typed.delete(field.name);
    unsent.set(openId(), typed);
  }

  function refill() {
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

  // what only a page with its script has
  const wide = matchMedia("(min-width: 56.25rem)");

  function unfold() {
    const more = pane.querySelector(".more-acts");
    if (!more) return;
    more.open = wide.matches;
    more.classList.toggle("more-acts-wide", wide.matches);
  }

  wide.addEventListener("change", unfold);

  function prepare() {
    unfold();
    refill();
    lookAlike();
    for (const button of pane.querySelectorAll("[data-act=personal]")) button.hidden = false;
    window.desk.label(pane);
  }

  // --- decisions ---

  // a line stands where its decision was made, also when the answer to an earlier one comes later
  function announce() {
    const line = document.createElement("div");
    line.hidden = true;
    line.dataset.pending = "yes";
    said.prepend(line);
    // one that is still on its way keeps its place, or its answer would stand before what was decided after it
    const settled = [...said.children].filter((one) => !one.dataset.pending);
    for (const old of settled.slice(2)) old.remove();
    return line;
  }

  function tell(text, { undo = "", warn = false, line = announce() } = {}) {
    line.className = warn ? "said-line warning" : "said-line success";
    const words = document.createElement("p");
    words.textContent = text;
    line.append(words);
    if (undo) {
      const form = document.createElement("form");
      form.method = "post";
      form.action = undo;
      form.dataset.decision = "";
      form.innerHTML = '<input type="hidden" name="csrfmiddlewaretoken"><button class="small-button" type="submit" data-act="undo">Undo</button>';
      form.querySelector("input").value = token();
      line.append(form);
    }
    const away = document.createElement("button");
    away.type = "button";
    away.className = "linklike said-away";
    away.textContent = "Dismiss";
    away.addEventListener("click", () => line.remove());
    line.append(away);
    delete line.dataset.pending;
    line.hidden = false;
    window.desk.label(line);
    setTimeout(() => line.remove(), 30000);
    if (line.dataset.undo) line.querySelector("[data-act=undo]")?.click();
  }

  const onTheirWay = new Set();

  // what was sent arrives also where the page is left meanwhile
  async function post(address, body) {
    const sent = fetch(address, {
      method: "POST",
      credentials: "same-origin",
      keepalive: true,
      headers: { "X-Steady": "decision" },
      body,
    });
    onTheirWay.add(sent);
    const response = await sent.finally(() => onTheirWay.delete(sent));
    if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) {
      throw Object.assign(new Error("no answer"), { over: over(response) });
    }
    return { ok: response.ok, ...(await response.json()) };
  }

  function done(row, text) {
    row.classList.add("row-done");
    let line = row.querySelector(".row-decided");
    if (!line) {
      line = document.createElement("span");
      line.className = "row-decided";
      linkOf(row).append(line);
    }
    line.textContent = text;
  }

  function undone(row) {
    row.classList.remove("row-done");
    row.querySelector(".row-decided")?.remove();
  }

  const LETTER = /\/letters\/([0-9a-f-]{36})\//;

  // pressed twice, a decision is sent once
  const sending = new Set();

  async function decide(form, submitter) {
    const body = new FormData(form, submitter);
    const address = form.action;
    if (sending.has(address)) return;
    sending.add(address);
    const id = (LETTER.exec(address) || [])[1];
    const row = id && rowOf(id);
    const stays = /\/(mark|undo|ask|note)\//.test(address);
    const line = announce();
    form.closest("dialog")?.close("sent");
    form.closest(".said-line")?.remove();
    // the next letter is shown while this decision is on its way
    const next = !stays && row ? following(row) : null;
    if (!stays && row) {
      done(row, "…");
      ahead.delete(id);
      if (next) open(next);
      else empty();
    }
    let answer;
    try {
      answer = await post(address, body);
    } catch (error) {
      sending.delete(address);
      // the session is over: the desk shows every word that was typed, and then asks for the sign-in
      if (error.over && form.isConnected) {
        HTMLFormElement.prototype.submit.call(form);
        return;
      }
      if (row) undone(row);
      if (row && !stays) await open(row);
      tell("That did not reach the desk, so nothing was decided. Please try again.", { warn: true, line });
      return;
    }
    sending.delete(address);
    if (!answer.ok) {
      tell(answer.refused, { warn: true, line });
      if (!row) return;
      if (answer.in_hand) {
        undone(row);
        await open(row);
      } else if (!stays) done(row, answer.refused);
      return;
    }
    tell(answer.said, { undo: answer.undo, line });
    if (!row) return;
    if (stays) {
      undone(row);
      ahead.delete(id);
      const undoing = /\/undo\//.test(address);
      if (undoing || openId() === id) await open(row, { push: openId() !== id });
    } else done(row, answer.said);
  }

  // whose the letter is changes in place, too
  pane.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!/\/claim\/$/.test(form.action)) return;
    event.preventDefault();
    const row = rowOf(openId());
    const answer = await post(form.action, new FormData(form, event.submitter)).catch(() => null);
    if (!answer || !row) {
      location.reload();
      return;
    }
    // one that was fetched before says still whose it was then
    ahead.delete(openId());
    await open(row, { push: false });
    tell(answer.claim ? (answer.claim.mine ? "You have this letter in hand for five minutes." : `${answer.claim.name} has this letter in hand.`) : "The letter is free again.");
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("decision" in form.dataset) || !document.body.contains(pane)) return;
    event.preventDefault();
    decide(form, event.submitter);
  });

  // --- what a key chooses from ---

  const panels = new Map();

  async function fetchPanels() {
    const response = await fetch(panelsAddress, { credentials: "same-origin" }).catch(() => null);
    if (!response || !response.ok || response.redirected) return;
    const holder = document.createElement("div");
    holder.innerHTML = await response.text();
    document.body.append(holder);
    for (const dialog of holder.querySelectorAll("dialog")) ready(dialog);
  }

  function ready(dialog) {
    panels.set(dialog.id, dialog);
    for (const [place, button] of [...dialog.querySelectorAll("ol .small-button")].entries()) {
      if (place < 9) {
        const sign = document.createElement("kbd");
        sign.textContent = place + 1;
        sign.ariaHidden = "true";
        button.prepend(sign, " ");
        button.setAttribute("aria-keyshortcuts", place + 1);
      }
    }
    dialog.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
      const button = dialog.querySelectorAll("ol .small-button")[event.key - 1];
      if (!button) return;
      event.preventDefault();
      button.click();
    });
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "sent" && dialog.dataset.took === openId()) hand("cancel");
      dialog.returnValue = "";
      delete dialog.dataset.took;
    });
    dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  }

  function openPanel(name) {
    const id = openId();
    const dialog = name === "answered" ? pane.querySelector("#panel-answered") : panels.get(`panel-${name}`);
    if (!dialog || !id) return false;
    if (!panels.has(dialog.id) || name === "answered") ready(dialog);
    const base = `${letters.replace(/inbox\/$/, "letters/")}${id}/`;
    const form = dialog.querySelector("form");
    form.action = base + (dialog.dataset.address || "");
    // the panel is older or newer than the letter beside it: what counts is where the letter stood when it was shown
    const seen = form.querySelector("[name=seen]");
    if (seen) seen.value = pane.querySelector("article.letter").dataset.seen;
    for (const link of dialog.querySelectorAll("[data-edit]")) link.href = base + (link.dataset.edit || dialog.dataset.address);
    dialog.showModal();
    if (name === "decline" || name === "answered") {
      // cancelled, it gives back only what it took itself
      if (!inHand()) dialog.dataset.took = id;
      hand("write");
    }
    return true;
  }

  pane.addEventListener("click", (event) => {
    const button = event.target.closest("[data-panel]");
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (openPanel(button.dataset.panel)) event.preventDefault();
  });

  // --- keys that mean something of their own here ---

  document.addEventListener("desk-act", (event) => {
    const chosen = list.querySelectorAll("[name=letters]:checked").length;
    const mine = {
      next: () => step(1),
      previous: () => step(-1),
      select: () => {
        const row = list.querySelector(".row:focus-within") || list.querySelector(".row-open");
        const box = row && row.querySelector("[name=letters]");
        if (box) box.click();
      },
      // the last decision that was made; one that is still on its way is taken back when it has arrived
      undo: () => {
        const line = [...said.children].find((one) => one.dataset.pending || one.querySelector("[data-act=undo]"));
        if (line && line.dataset.pending) line.dataset.undo = "yes";
        else if (line) line.querySelector("[data-act=undo]").click();
        else location.assign(letters.replace(/inbox\/$/, "did/"));
      },
      together: chosen > 1 ? () => {
        const ids = [...list.querySelectorAll("[name=letters]:checked")].map((box) => box.value);
        const more = ids.slice(1).map((id) => `with=${id}`).join("&");
        location.assign(`${letters.replace(/inbox\/$/, "letters/")}${ids[0]}/together/?${more}`);
      } : null,
      decline: chosen ? () => document.getElementById("many").requestSubmit() : null,
      personal: () => {
        const marks = [...pane.querySelectorAll("mark.detail")];
        const at = marks.indexOf(document.activeElement);
        const mark = marks[(at + 1) % marks.length];
        if (mark) mark.focus();
      },
    }[event.detail];
    if (!mine) return;
    event.preventDefault();
    mine();
  });

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("#rows .row a, [data-start], [data-next], [data-further]");
    if (!link) return;
    if ("further" in link.dataset) {
      event.preventDefault();
      further(link);
      return;
    }
    const row = rowOf((LETTER.exec(link.href) || [])[1] || "");
    if (!row) return;
    event.preventDefault();
    open(row);
  });

  async function further(link) {
    const response = await fetch(link.href, { credentials: "same-origin", headers: { "X-Steady": "rows" } }).catch(() => null);
    if (!response || !response.ok || response.redirected) {
      location.assign(link.href);
      return;
    }
    const holder = document.createElement("template");
    holder.innerHTML = await response.text();
    const first = holder.content.querySelector(".row a");
    link.closest("li").replaceWith(holder.content);
    if (first) first.focus();
  }

  window.addEventListener("popstate", () => location.reload());

  // --- who else is here, and what is new ---

  const over = (response) => response.redirected || [401, 403, 404].includes(response.status);

  // for how the letter is being read; when the desk locks itself, lock.js says
  let touched = Date.now();
  for (const kind of ["keydown", "pointerdown", "scroll"]) {
    document.addEventListener(kind, () => (touched = Date.now()), { passive: true, capture: true });
  }

  // nothing that was fetched ahead outlives the lock; words for a letter that is not the open one are no loss either
  document.addEventListener("desk-lock", (event) => {
    ahead.clear();
    const others = [...unsent].some(([id, kept]) => id !== openId() && kept.size);
    event.detail.set(unsent, !others);
  });
  document.addEventListener("desk-open", () => beat());

  function doing() {
    if (Date.now() - touched > 600000) return "idle";
    const field = document.activeElement;
    if (field && field.closest("textarea") && pane.contains(field) && field.value) return "writing";
    return Date.now() - touched < 60000 ? "reading" : "viewing";
  }

  async function beat(left = "") {
    if (window.desk.locked) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    body.set("letter", openId());
    body.set("left", left);
    body.set("doing", doing());
    const shown = pane.querySelector("article.letter")?.dataset;
    body.set("since", shown?.since || "");
    body.set("seen", shown?.seen || "");
    for (const row of waiting().slice(0, 60)) body.append("rows", row.dataset.letter);
    const asked = openId();
    let answer;
    try {
      answer = await post(pulse, body);
    } catch (error) {
      if (error.over) window.desk.lock();
      return;
    }
    if (window.desk.locked) return;
    for (const row of waiting()) {
      const who = row.querySelector(".row-who");
      if (who) who.textContent = answer.rows[row.dataset.letter] ? ` · ${answer.rows[row.dataset.letter]} here` : "";
    }
    if (asked === openId()) show(answer);
  }

  function show(answer) {
    const place = document.getElementById("here");
    if (!place) return;
    const lines = [...answer.here];
    // the notice with its button says it already, as long as it is so
    const notice = pane.querySelector(".claim");
    const theirs = answer.claim && !answer.claim.mine ? answer.claim : null;
    if (notice && theirs) notice.querySelector("p").textContent = `${theirs.name} has this letter in hand.`;
    else notice?.remove();
    if (theirs && theirs.taken) lines.unshift(`${theirs.name} took this letter over from you.`);
    else if (theirs && !notice) lines.unshift(`${theirs.name} has this letter in hand.`);
    if (answer.decided) lines.unshift(answer.decided);
    const text = lines.join(" ");
    if (place.dataset.text !== text) {
      place.dataset.text = text;
      place.textContent = text;
    }
    place.classList.toggle("here-warn", Boolean(answer.decided || (answer.claim && !answer.claim.mine)));
    pane.querySelector("article.letter").classList.toggle("letter-stale", Boolean(answer.decided));
    const row = rowOf(openId());
    if (answer.decided && row) done(row, answer.decided);
  }

  // whether the open letter was taken in hand before: by its button, or by writing about it
  function inHand() {
    return pane.querySelector("[data-act=claim]")?.value === "release" || pane.dataset.writing === openId();
  }

  let turns = Promise.resolve();

  // one after the other, or a letter that was let go would be taken once more
  function hand(act) {
    const article = pane.querySelector("article.letter");
    if (!article) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    body.set("act", act);
    turns = turns.then(() => post(article.dataset.claim, body)).then(() => beat(), () => {});
  }

  // to write is work: it has the letter in hand, and keeps the session, which the pulse alone does not
  let handed = 0;
  pane.addEventListener("input", (event) => {
    if (!event.target.closest("textarea")) return;
    if (pane.dataset.writing === openId() && Date.now() - handed < 240000) return;
    pane.dataset.writing = openId();
    handed = Date.now();
    hand("write");
  });

  window.addEventListener("pagehide", () => {
    if (window.desk.locked) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    body.set("left", openId());
    body.set("gone", "yes");
    navigator.sendBeacon(pulse, body);
  });

  const fresh = document.getElementById("news");
  async function news() {
    const response = await fetch(newsAddress, { credentials: "same-origin" }).catch(() => null);
    if (response && over(response)) window.desk.lock();
    if (!response || !response.ok || response.redirected || !fresh) return;
    const { new: count } = await response.json();
    fresh.hidden = !count;
    fresh.textContent = `${count} new`;
  }
  if (fresh) fresh.addEventListener("click", () => location.assign(viewAddress));

  setInterval(() => document.hidden || beat(), 10000);
  setInterval(() => window.desk.locked || document.hidden || news(), 30000);

  // of a letter that came with the page the answers near to it are fetched once
  async function completed(row) {
    const html = await fetchPane(row).catch(() => "");
    ahead.delete(row.dataset.letter);
    if (!html || openId() !== row.dataset.letter || pane.querySelector("#panel-answered")) return;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const dialog = holder.content.querySelector("#panel-answered");
    if (dialog) pane.querySelector("article.letter").append(dialog);
  }

  prepare();
  const start = rowOf(openId()) || waiting()[0];
  if (start && openId()) completed(start).then(() => lookAhead(start));
  else if (start) fetchPane(start).catch(() => {});
  fetchPanels();
  beat();
})();
