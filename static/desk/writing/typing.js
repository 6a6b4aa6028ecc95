// Help with Markdown in a text area: Mod+B, Mod+I, lists that go on with Enter, and headings at the press of a button.
// Tab leaves, as everywhere.

const MARKS = { b: "**", i: "*" };

export function helpTyping(area, { insertions, changed }) {
  function put(words, from = area.selectionStart, to = area.selectionEnd) {
    area.focus();
    area.setSelectionRange(from, to);
    // keeps the browser's own undo, where it can
    if (!document.execCommand("insertText", false, words)) {
      area.setRangeText(words, from, to, "end");
      changed();
    }
  }

  function emphasise(mark) {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
    put(mark + chosen + mark);
    if (!chosen) area.setSelectionRange(area.selectionEnd - mark.length, area.selectionEnd - mark.length);
  }

  // Goes on with a list or a quotation, or ends it where its last item is empty. Returns whether there was one.
  function goOnWithList() {
    if (area.selectionStart !== area.selectionEnd) return false;
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const item = area.value.slice(start, area.selectionStart).match(/^(\s*)([-*>]|(\d+)\.)\s+(\S?)/);
    if (!item) return false;
    const [, indent, sign, number, text] = item;
    if (text) put(`\n${indent}${number ? `${Number(number) + 1}.` : sign} `);
    else put("", start, area.selectionStart);
    return true;
  }

  area.addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.metaKey;
    const mark = MARKS[event.key.toLowerCase()];
    if (mark && held && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      emphasise(mark);
    } else if (event.key === "Enter" && !event.shiftKey && !held && !event.isComposing && goOnWithList()) {
      event.preventDefault();
    }
  });

  // the parts of an answer: a heading where the cursor stands, without leaving the page
  for (const button of insertions) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const before = area.value.slice(0, area.selectionEnd).trimEnd();
      put(`${before ? "\n\n" : ""}${button.dataset.insert}\n\n`, before.length, area.selectionEnd);
    });
  }
}
