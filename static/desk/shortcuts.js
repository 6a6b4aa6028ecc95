// Keys for the desk: each presses a button that is there to be seen. Everything also works by links and buttons alone.
const given = JSON.parse(document.body.dataset.keys || "{}");
const acts = new Map(
  Object.entries(given)
    .filter(([, key]) => key.length === 1)
    .map(([act, key]) => [key, act]),
);
const typing = (target) =>
  target.closest(
    "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]",
  );
const seen = (element) => element && !element.hidden && element.getClientRects().length > 0;

// a button that is folded up has its key all the same
const there = (element) => seen(element) || (element && !element.hidden && element.closest(".more-acts:not([open])"));

// what a key does is said on its button
export function label(root) {
  for (const button of root.querySelectorAll("[data-act]")) {
    const key = given[button.dataset.act];
    if (key?.length !== 1) continue;
    button.title = `${button.textContent.trim()} (${key})`;
    button.setAttribute("aria-keyshortcuts", key);
  }
}

function act(name) {
  // a page with a script of its own may do it in its own way
  const asked = new CustomEvent("desk-act", { detail: name, cancelable: true });
  if (!document.dispatchEvent(asked)) return true;
  const button = [...document.querySelectorAll(`[data-act="${CSS.escape(name)}"]`)].find(there);
  if (!button) return false;
  const folded = button.tagName === "SUMMARY" && button.parentElement;
  // what is open already stays open: the next thing typed is meant for its field
  if (!folded?.open) button.click();
  if (folded) (folded.querySelector("textarea") || button).focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  // whatever has the focus may have used the key for something of its own
  if (event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && commands) {
    event.preventDefault();
    openCommands();
    return;
  }
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.isComposing ||
    typing(event.target) ||
    document.querySelector("dialog[open]")
  )
    return;
  const name = acts.get(event.key);
  if (name && act(name)) event.preventDefault();
});

// --- the list of keys, and every command by its name ---

const help = document.getElementById("keys");
const commands = document.getElementById("commands");
for (const [opener, dialog] of [
  ["keys-open", help],
  ["commands-open", commands],
]) {
  const button = document.getElementById(opener);
  if (!button || !dialog) continue;
  button.hidden = false;
  button.addEventListener("click", () => (dialog === commands ? openCommands() : dialog.showModal()));
}

function openCommands() {
  if (commands.open) return;
  const list = commands.querySelector("ol");
  // what can be done here comes before where one can go; this list itself is neither
  const found = [...document.querySelectorAll("[data-act]"), ...document.querySelectorAll(".bar-nav a, .views a")];
  const listed = new Set(["commands"]);
  const buttons = found.filter((button) => {
    const name = button.dataset.act;
    if (!there(button) || (name && listed.has(name))) return false;
    listed.add(name);
    return true;
  });
  list.replaceChildren(
    ...buttons.map((button) => {
      const item = document.createElement("li");
      const press = document.createElement("button");
      press.type = "button";
      press.className = "linklike command";
      const words = document.createElement("span");
      words.textContent = button.textContent.replace(/\s+/g, " ").trim();
      press.append(words);
      const key = given[button.dataset.act];
      if (key) {
        const sign = document.createElement("kbd");
        sign.textContent = key;
        press.append(" ", sign);
      }
      press.addEventListener("click", () => {
        commands.close();
        if (!button.dataset.act || !act(button.dataset.act)) button.click();
      });
      item.append(press);
      return item;
    }),
  );
  const field = commands.querySelector("input");
  field.value = "";
  commands.showModal();
  field.focus();
}

if (commands) {
  const field = commands.querySelector("input");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of commands.querySelectorAll("li")) {
      item.hidden = !words.every((word) => item.querySelector("span").textContent.toLowerCase().includes(word));
    }
  });
  commands.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const places = [field, ...commands.querySelectorAll("li:not([hidden]) button")];
    const at = places.indexOf(document.activeElement);
    places[(at + by + places.length) % places.length].focus();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = commands.querySelector("li:not([hidden]) button");
    if (first) first.click();
  });
}

label(document);
