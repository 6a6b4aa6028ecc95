// "Exit this page": the link leaves without a way back, and three presses of Shift within five seconds do the same.
const link = document.querySelector(".exit");
const said = document.querySelector(".exit-said");
const keys = document.querySelector(".exit-keys");
const PRESSES = 3;
const WITHIN = 5000;
let presses = 0;
let timer = 0;

function leave() {
  remember();
  document.title = "";
  document.body.hidden = true;
  // replace, so that "back" does not lead here again
  location.replace(link.href);
}

// Earlier pages of the path stay in the browser's list. Whoever goes "back" to one of them is led out again; the mark
// is in this tab's memory alone and says nothing of where it is from.
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
    if (!back) {
      sessionStorage.removeItem("left");
    }
    return back && left;
  } catch {
    return false;
  }
}

function startAgain() {
  presses = 0;
  said.textContent = "";
}

if (link && cameBack()) {
  document.body.hidden = true;
  location.replace(link.href);
} else if (link) {
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
    said.textContent = presses === 1 ? said.dataset.saysTwice : said.dataset.saysOnce;
    timer = setTimeout(startAgain, WITHIN);
  });
  // a page that the browser kept in memory must not stay hidden
  window.addEventListener("pageshow", (event) => {
    document.body.hidden = false;
    if (event.persisted && sessionStorage.getItem("left") === "1") {
      leave();
    }
  });
}
