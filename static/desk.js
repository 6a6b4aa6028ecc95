// Keys for the desk, and letters that change without a page load. Everything here also works by links and buttons.
"use strict";

(() => {
  const off = () => localStorage.getItem("desk-keys") === "off";
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("#rows .row a")];

  // --- one letter for another, or the next after a decision: fetch the page, put its parts in place ---

  const shown = new Map();

  async function page(address, options) {
    const kept = !options && shown.get(address);
    if (kept) {
      shown.delete(address);
      return kept;
    }
    const response = await fetch(address, { credentials: "same-origin", ...options });
    const type = response.headers.get("Content-Type") || "";
    if (!type.startsWith("text/html")) throw new Error("not a page");
    return { url: response.url, html: await response.text() };
  }

  async function go(address, options) {
    let fresh;
    try {
      fresh = await page(address, options);
    } catch {
      return false;
    }
    const next = new DOMParser().parseFromString(fresh.html, "text/html");
    if (!next.querySelector("main.panes") || !document.querySelector("main.panes")) return false;
    for (const id of ["said", "main"]) document.getElementById(id).replaceWith(next.getElementById(id));
    document.title = next.title;
    history.pushState({}, "", fresh.url);
    const open = document.querySelector(".row-open a");
    (open || document.getElementById("main")).focus({ preventScroll: true });
    if (open) open.scrollIntoView({ block: "nearest" });
    ahead();
    return true;
  }

  // the next letter is fetched while this one is read; it is kept in memory alone, and used once
  function ahead() {
    shown.clear();
    const next = document.querySelector("[data-next]");
    if (next) page(next.href).then((fresh) => shown.set(next.href, fresh), () => {});
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("#rows a, [data-next], .views a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (!(await go(link.href))) location.assign(link.href);
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.closest(".letter-moves, .said-line") || !/\/move\//.test(form.action) || !document.querySelector("main.panes")) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    shown.clear();
    if (!(await go(form.action, { method: "POST", body: new FormData(form) }))) {
      form.dataset.sent = "";
      location.reload();
    }
  });

  window.addEventListener("popstate", () => {
    if (document.querySelector("main.panes")) location.reload();
  });

  // --- keys ---

  function step(by) {
    const all = rows();
    const here = all.indexOf(document.activeElement);
    const open = all.findIndex((link) => link.getAttribute("aria-current"));
    const from = here >= 0 ? here : open;
    const to = all[Math.min(Math.max(from + by, 0), all.length - 1)];
    if (to) {
      to.focus();
      to.scrollIntoView({ block: "nearest" });
    }
  }

  document.addEventListener("keydown", (event) => {
    if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      step(event.key === "j" ? 1 : -1);
      return;
    }
    const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
    const field = button.tagName === "SUMMARY" && button.parentElement.open && button.parentElement.querySelector("textarea");
    if (field) field.focus();
  });

  for (const button of document.querySelectorAll("[data-key]")) {
    button.title = `${button.textContent.trim()} (${button.dataset.key})`;
    button.setAttribute("aria-keyshortcuts", button.dataset.key);
  }

  const opener = document.getElementById("keys-open");
  const dialog = document.getElementById("keys");
  if (opener && dialog) {
    opener.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
    const box = document.getElementById("keys-on");
    box.checked = !off();
    box.addEventListener("change", () => localStorage.setItem("desk-keys", box.checked ? "on" : "off"));
  }
  ahead();
})();
