// A page on which something is written about a letter: who writes has it in hand, lets it go on leaving (unless they
// had taken it by its button before), and is told when a colleague took it over. Without it the claim that came with the
// page ends after its five minutes.
"use strict";

(() => {
  const place = document.getElementById("here");
  if (!place) return;
  const { letter, claim, pulse } = place.dataset;
  const notice = document.getElementById("in-hand");
  const main = document.getElementById("main");
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

  async function post(address, fields) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const response = await fetch(address, { method: "POST", credentials: "same-origin", headers: { "X-Steady": "decision" }, body }).catch(() => null);
    if (!response || !(response.headers.get("Content-Type") || "").startsWith("application/json")) return null;
    return response.json();
  }

  function show({ claim: held, decided }) {
    let text = decided || "";
    if (held && !held.mine) {
      text ||= held.taken
        ? `${held.name} took this letter over from you. What you wrote is still here.`
        : `${held.name} has this letter in hand. What you wrote is still here.`;
    }
    if (notice) notice.hidden = Boolean(text) || !held || held.mine;
    if (place.textContent !== text) place.textContent = text;
  }

  let typed = 0;
  let asked = 0;

  const beat = () => window.desk.locked || post(pulse, { letter, doing: Date.now() - typed < 60000 ? "writing" : "viewing" }).then((answer) => answer && show(answer));

  async function take() {
    asked = Date.now();
    await post(claim, { act: "write" });
    await beat();
  }

  main.addEventListener("input", () => {
    typed = Date.now();
    if (typed - asked > 60000) take();
  });

  // to another page about the same letter it is not let go
  let stays = false;
  document.addEventListener("submit", () => (stays = true));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    stays = Boolean(link) && link.pathname === location.pathname && !link.hash;
  });

  window.addEventListener("pagehide", () => {
    if (stays || window.desk.locked) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    body.set("left", letter);
    body.set("wrote", "yes");
    navigator.sendBeacon(pulse, body);
  });

  window.addEventListener("pageshow", (event) => {
    stays = false;
    asked = 0;
    // a page that is shown again, or loaded again, has let the letter go on its way out
    if (event.persisted || "mine" in place.dataset) take();
    else beat();
  });

  document.addEventListener("desk-open", () => beat());
  setInterval(() => document.hidden || beat(), 10000);
})();
