// Takes the page in a document away as it stands, and puts another one there: from the site, or one that was taken away.

const sheets = (root) => [...root.querySelectorAll("link[rel=stylesheet]")];

let worn = sheets(document).map((sheet) => sheet.href);

// Loads what the page looks like, so that nothing stands bare for a moment.
export async function style(hrefs) {
  const here = sheets(document);
  const missing = hrefs.filter((href) => !here.some((sheet) => sheet.href === href));
  await Promise.all(
    missing.map((href) => {
      const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
      const settled = new Promise((resolve) => Object.assign(sheet, { onload: resolve, onerror: resolve }));
      document.head.append(sheet);
      return settled;
    }),
  );
}

// A script runs once; what it does for a page it does again at the event "page-shown".
const isNew = ({ src }) => ![...document.scripts].some((script) => script.src === src);

function run(scripts) {
  for (const script of scripts.filter(isNew)) {
    document.head.append(Object.assign(document.createElement("script"), script));
  }
}

// Loads the scripts that a page is not shown without: those that are no modules. Fails where one does not come.
export function ready(scripts) {
  const missing = scripts.filter((script) => !script.type && isNew(script));
  return Promise.all(
    missing.map((script) => {
      const element = Object.assign(document.createElement("script"), script);
      const loaded = new Promise((resolve, reject) => {
        element.onload = resolve;
        element.onerror = () => {
          element.remove();
          reject(new Error("no script"));
        };
      });
      document.head.append(element);
      return loaded;
    }),
  );
}

// The page in this document: its nodes leave it, with everything that was typed.
export function lift() {
  const { activeElement: focus, body, title } = document;
  const { lang, dir } = document.documentElement;
  const scroll = [scrollX, scrollY];
  const page = { title, lang, dir, name: body.className, sheets: worn, focus, scroll };
  page.nodes = document.createDocumentFragment();
  page.nodes.append(...body.childNodes);
  return page;
}

// The page that the site answered with.
export function parse(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const { lang, dir } = fresh.documentElement;
  const full = (address) => new URL(address, location.href).href;
  const page = { title: fresh.title, lang, dir, name: fresh.body.className };
  page.sheets = sheets(fresh).map((sheet) => full(sheet.getAttribute("href")));
  page.scripts = [...fresh.querySelectorAll("script[src]")].map((script) => ({
    type: script.type,
    src: full(script.getAttribute("src")),
  }));
  page.nodes = document.createDocumentFragment();
  page.nodes.append(...fresh.body.childNodes);
  return page;
}

function look({ focus, scroll }, hash) {
  const place = hash && document.getElementById(hash.slice(1));
  const target = focus?.isConnected ? focus : document.querySelector("[autofocus]") || place;
  const heading = target || document.querySelector("h1");
  if (heading === document.querySelector("h1")) heading.tabIndex = -1;
  heading?.focus({ preventScroll: true });
  if (scroll) scrollTo(...scroll);
  else if (target) (place || target).scrollIntoView({ block: "nearest" });
  else scrollTo(0, 0);
}

// Puts a page that is styled into this document, in the place of what is in it, and begins to read it at its heading or
// at `hash`.
export function put(page, hash = "") {
  worn = page.sheets;
  for (const sheet of sheets(document)) sheet.disabled = !worn.includes(sheet.href);
  Object.assign(document.documentElement, { lang: page.lang, dir: page.dir });
  document.title = page.title;
  document.body.className = page.name;
  document.body.replaceChildren(page.nodes);
  run(page.scripts ?? []);
  document.dispatchEvent(new CustomEvent("page-shown"));
  look(page, hash);
}
