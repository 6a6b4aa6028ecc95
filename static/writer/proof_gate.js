// Holds back a form that asks for a proof of work until the proof is there (proof_of_work.js). It is small, and browsers
// wait for it before they show the form, so there is no moment at which a button would send a form without its proof.
// Where the proof cannot be found, the form goes without: a letter is taken then too, and somebody looks at it first.
{
  // how long a form waits once its button was pressed: for the sum, and for the program that does it
  const PATIENCE = 20000;
  const LONGEST = 60000;
  const waiting = new Map(); // forms, with the timers that let them go

  const boxOf = (form) => form.querySelector(".proof");

  function go(form) {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    boxOf(form).dataset.stands = "settled";
    form.requestSubmit();
  }

  function wait(form) {
    const box = boxOf(form);
    const longest = box.dataset.stands === "begun" ? PATIENCE : LONGEST;
    waiting.set(form, setTimeout(go, longest, form));
    box.querySelector(".proof-waits").textContent = box.dataset.saysWaits;
  }

  // before every other script that sends forms
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const box = boxOf(form);
      // a button that leads elsewhere ("Change it") needs no proof
      if (!box || box.dataset.stands === "settled" || event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      if (!waiting.has(form)) wait(form);
    },
    { capture: true },
  );

  // `stands`: "begun" or "settled"
  document.addEventListener("proof", ({ target: box, detail: stands }) => {
    const form = box.closest("form");
    if (box.dataset.stands !== "settled") box.dataset.stands = stands;
    if (!waiting.has(form)) return;
    if (stands === "settled") go(form);
    else {
      clearTimeout(waiting.get(form));
      waiting.set(form, setTimeout(go, PATIENCE, form));
    }
  });

  // the program did not come: nothing to wait for
  document.addEventListener(
    "error",
    ({ target }) => {
      if (!target.src?.includes("/proof_of_work")) return;
      for (const box of document.querySelectorAll(".proof")) {
        box.dispatchEvent(new CustomEvent("proof", { bubbles: true, detail: "settled" }));
      }
    },
    { capture: true },
  );
}
