// What is typed into the forms of a page, as data that can be put into the same forms again.

const address = (form) => new URL(form.getAttribute("action"), location.href).pathname;
const ticks = (field) => ["checkbox", "radio"].includes(field.type);
const forms = () => [...document.querySelectorAll("form[method=post]")];
const has = (values, name) => values.some(([other]) => other === name);

// Whether somebody typed or chose something in this form.
const changed = (form) =>
  [...form.elements].some((field) => {
    if (!field.name || field.type === "hidden") return false;
    if (ticks(field)) return field.checked !== field.defaultChecked;
    if (field.options) return field.selectedIndex > 0 && !field.options[field.selectedIndex].defaultSelected;
    return "defaultValue" in field && field.value !== field.defaultValue;
  });

export const anyTyped = () => forms().some(changed);

// The fields of each form that somebody typed into, with its address.
export const typed = () =>
  forms()
    .filter(changed)
    .map((form) => ({ address: address(form), values: [...new FormData(form)] }));

// Whether these are the fields of a whole letter, which the form of a letter can take again.
export const isLetter = ({ values }) => Boolean(values) && has(values, "text") && has(values, "consent");

// A form's own tokens go into it too, so that it stays the same form to the site; not that of an open letter, which is
// renewed with each page.
function fill(form, values) {
  for (const field of form.elements) {
    if (!field.name || field.name === "token") continue;
    const mine = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (ticks(field)) field.checked = mine.includes(field.value) || (field.type === "checkbox" && mine[0] === "True");
    else if (mine.length && field.value !== mine[0]) {
      field.value = mine[0];
      const folded = field.type !== "hidden" && field.closest("details");
      if (folded) folded.open = true;
    }
  }
}

// Puts what was typed into the same forms of the page in sight.
export function refill(kept) {
  for (const one of kept) {
    const form = forms().find((other) => address(other) === one.address);
    if (form) fill(form, one.values);
  }
}

// Puts a letter into the form for one, if that is in sight; returns whether it is.
export function refillLetter(letter) {
  const form = document.querySelector(".write-form");
  if (form) fill(form, letter.values);
  return Boolean(form);
}
