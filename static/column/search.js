// Puts what was found into this page. The words of a search go by POST alone, so no address and no entry of the history has
// them; and since the page itself never changes its address, it stands as it was left when somebody comes back to it.
// Without this script the form sends itself.
const main = () => document.querySelector("main");

async function look(form) {
  const response = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  if (!(response.headers.get("Content-Type") ?? "").startsWith("text/html")) throw new Error("no page");
  const found = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const sheet of found.querySelectorAll("head link[rel=stylesheet]")) {
    const known = document.head.querySelector(`link[href="${CSS.escape(sheet.getAttribute("href"))}"]`);
    if (!known) document.head.append(document.importNode(sheet, true));
  }
  main().replaceChildren(...document.importNode(found.querySelector("main"), true).childNodes);
  const said = document.querySelector("main .care, .search-said");
  said?.setAttribute("tabindex", "-1");
  said?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form.search")) return;
  event.preventDefault();
  look(form).catch(() => form.submit());
});
