// The three parts of the draft's page: folded away on a wide screen, one at a time on a narrow one. Without it they
// stand below one another.

const tabs = document.getElementById("tabs");
const three = document.getElementById("three");
const wide = matchMedia("(min-width: 68.75rem)");
const parts = ["source", "write", "look"];
const places = parts.map((part) => document.getElementById(part));
const links = parts.map((part) => tabs.querySelector(`[href="#${part}"]`));
const folded = new Set();
let shown = "write";

function draw() {
  document.body.classList.add("with-tabs");
  for (const [number, part] of parts.entries()) {
    const open = wide.matches ? !folded.has(part) : part === shown;
    places[number].hidden = !open;
    links[number].setAttribute("aria-expanded", String(open));
    three.classList.toggle(`no-${part}`, !open);
  }
}

function choose(part) {
  if (!wide.matches) shown = part;
  else if (folded.has(part)) folded.delete(part);
  else if (folded.size < 2) folded.add(part);
  draw();
}

for (const [number, part] of parts.entries()) {
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
}

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
