// A copy of the form's words for as long as this tab is open, and only while the server has not got them.

// Returns the copy of a draft: keep(words), forget(), and what is kept, or null.
export function copyOf(draft) {
  const place = `draft ${draft}`;
  return {
    keep(words) {
      try {
        sessionStorage.setItem(place, words);
      } catch {
        // no room, or not allowed: the text still stands on the page
      }
    },
    forget() {
      try {
        sessionStorage.removeItem(place);
      } catch {
        // nothing was kept
      }
    },
    kept() {
      try {
        return sessionStorage.getItem(place);
      } catch {
        return null;
      }
    },
  };
}

// Says above the form that a text was kept, with one button for each of what can be done: its words and its act.
export function offer(form, choices) {
  const box = document.createElement("p");
  box.className = "notice-warn";
  box.setAttribute("role", "alert");
  box.append(`${form.dataset.saysKept} `);
  for (const [words, act] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small-button";
    button.textContent = words;
    button.addEventListener("click", () => {
      act();
      box.remove();
    });
    box.append(button, " ");
  }
  form.prepend(box);
}
