// "Exit this page": the link leaves without a way back, and three presses of Shift within five seconds do the same.
const link = document.querySelector(".exit");
const said = document.querySelector(".exit-said");
const keys = document.querySelector(".exit-keys");
const PRESSES = 3;
const WITHIN = 5000;
let presses = 0;
let timer = 0;

function leave() {
  document.title = "";
  document.body.hidden = true;
  // replace, so that "back" does not lead here again
  location.replace(link.href);
}

function startAgain() {
  presses = 0;
  said.textContent = "";
}

if (link) {
  keys.hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keyup", (event) => {
    clearTimeout(timer);
    if (event.key !== "Shift") {
      // Shift was part of typing a capital letter
      startAgain();
      return;
    }
    presses += 1;
    if (presses >= PRESSES) {
      leave();
      return;
    }
    said.textContent = presses === 1 ? "Shift, press 2 more times to exit." : "Shift, press 1 more time to exit.";
    timer = setTimeout(startAgain, WITHIN);
  });
  // a page that the browser kept in memory must not stay hidden
  window.addEventListener("pageshow", () => {
    document.body.hidden = false;
  });
}
