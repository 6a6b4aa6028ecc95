// How many characters stand in a box with a limit: seen at each key, read out once typing stops.
const PAUSE = 1500;
const shown = (number) => Number(number).toLocaleString();
let pause = 0;

function count(box, { aloud }) {
  const line = box.id && document.getElementById(`${box.id}_count`);
  if (!line) return;
  const [seen, heard] = line.children;
  // as the site counts: a sign of two units is one character
  const typed = [...box.value].length;
  line.hidden = false;
  seen.textContent = line.dataset.says.replace("{count}", shown(typed)).replace("{most}", shown(line.dataset.most));
  clearTimeout(pause);
  if (!aloud) return;
  pause = setTimeout(() => {
    heard.textContent = seen.textContent;
  }, PAUSE);
}

function begin() {
  for (const box of document.querySelectorAll("textarea")) if (box.value) count(box, { aloud: false });
}

document.addEventListener("input", ({ target }) => count(target, { aloud: true }));
document.addEventListener("page-shown", begin);
begin();
