// The search goes on batch by batch, says how far it is, and can be stopped.
"use strict";

(() => {
  const form = document.getElementById("search");
  const hits = document.getElementById("hits");
  const progress = document.getElementById("search-progress");
  const stop = document.getElementById("search-stop");
  if (!form) return;
  let running = null;

  async function search() {
    if (running) running.abort();
    const mine = new AbortController();
    running = mine;
    const body = new FormData(form);
    hits.replaceChildren();
    hits.classList.add("searching");
    stop.hidden = false;
    progress.textContent = "Searching…";
    let [after, scanned, found, closed] = ["", 0, 0, 0];
    try {
      do {
        body.set("after", after);
        const response = await fetch(form.action, {
          method: "POST",
          credentials: "same-origin",
          headers: { "X-Steady": "batch" },
          body,
          signal: mine.signal,
        });
        const holder = document.createElement("template");
        holder.innerHTML = await response.text();
        const batch = holder.content.querySelector(".batch");
        if (!response.ok || !batch) {
          form.submit();
          return;
        }
        after = batch.dataset.after;
        scanned += Number(batch.dataset.scanned);
        found += Number(batch.dataset.found);
        closed += Number(batch.dataset.closed);
        hits.append(batch);
        const total = Number(batch.dataset.total).toLocaleString("en");
        const rest = closed ? ` ${closed} could not be opened with your keys.` : "";
        progress.textContent = `${found} found in ${scanned.toLocaleString("en")} of ${total} letters.${rest}`;
      } while (after);
    } catch (error) {
      if (running !== mine) return;
      if (error.name !== "AbortError") {
        form.submit();
        return;
      }
      progress.textContent += " Stopped.";
    }
    running = null;
    stop.hidden = true;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  stop.addEventListener("click", () => running && running.abort());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && running) running.abort();
  });
  form.querySelector("[name=words]").focus();
})();
