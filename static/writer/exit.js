// "Exit this page": the link leaves without a way back, and three presses of Shift within five seconds do the same.
const PRESSES = 3;
const WITHIN = 5000;
let presses = 0;
let timer = 0;

const link = () => document.querySelector(".exit a");
const said = () => document.querySelector(".exit-said");

function leave(to) {
  remember();
  document.dispatchEvent(new CustomEvent("path-left"));
  document.title = "";
  document.body.replaceChildren();
  // replace, so that "back" does not lead here again
  location.replace(to);
}

// Earlier pages of the path stay in the browser's list. Whoever goes "back" to one of them is led out again; the mark
// says nothing of where it is from.
function remember() {
  try {
    sessionStorage.setItem("left", "1");
  } catch {
    // storage is switched off: the link still leads out
  }
}

function cameBack() {
  try {
    const [how] = performance.getEntriesByType("navigation");
    const back = Boolean(how) && how.type === "back_forward";
    const left = sessionStorage.getItem("left") === "1";
    if (!back) sessionStorage.removeItem("left");
    return back && left;
  } catch {
    return false;
  }
}

function startAgain() {
  presses = 0;
  if (said()) said().textContent = "";
}

function prepare() {
  const keys = document.querySelector(".exit-keys");
  if (keys) keys.hidden = false;
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.(".exit a")) return;
  event.preventDefault();
  leave(link().href);
});

document.addEventListener("keyup", (event) => {
  clearTimeout(timer);
  if (event.key !== "Shift" || !link()) {
    // Shift was part of typing a capital letter
    startAgain();
    return;
  }
  presses += 1;
  if (presses >= PRESSES) {
    leave(link().href);
    return;
  }
  said().textContent = presses === 1 ? said().dataset.saysTwice : said().dataset.saysOnce;
  timer = setTimeout(startAgain, WITHIN);
});

// a page that the browser kept in memory is left again
window.addEventListener("pageshow", (event) => {
  if (event.persisted && sessionStorage.getItem("left") === "1") location.reload();
});

if (link() && cameBack()) {
  document.body.hidden = true;
  location.replace(link().href);
} else {
  document.addEventListener("page-shown", prepare);
  prepare();
}
