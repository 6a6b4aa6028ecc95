// What this tab takes across a reload of its page, in memory alone. Whatever else survives a reload (the storages, the
// state of the history, in Chromium also the name of the window) is a file in the browser's profile.
//
// Chromium keeps a shared worker for some seconds after its page, where it is asked to. Firefox keeps the name of a
// window in memory, and gives it to no other site. Other browsers take nothing across.
const ANSWERS_WITHIN = 2000;

let port; // to the worker; null where there is none that outlives its page

function connect() {
  const address = document.querySelector("script[data-memory]").dataset.memory;
  let outlives = false;
  const options = {
    name: "path",
    get extendedLifetime() {
      outlives = true;
      return true;
    },
  };
  try {
    const worker = new SharedWorker(address, options);
    // where the option is not read, the worker would end with the page
    if (outlives) return worker.port;
    worker.port.close();
  } catch {
    // no shared workers here
  }
  return null;
}

// Makes ready what keep() needs: when a page is left it is too late for that.
export function prepare() {
  if (port === undefined) port = connect();
}

const namesStayInMemory = () => !port && CSS.supports("-moz-appearance", "none");

function fromName(tab) {
  const { name } = window;
  window.name = "";
  try {
    const { tab: of, what } = JSON.parse(name);
    return of === tab ? what : null;
  } catch {
    return null;
  }
}

// Keeps `what` for the page that this tab loads next, if that is the same page.
export function keep(tab, what) {
  if (port) port.postMessage({ act: "keep", tab, what });
  else if (namesStayInMemory()) window.name = JSON.stringify({ tab, what });
}

// Resolves with what the page before kept, or null; it is gone then.
export async function take(tab) {
  prepare();
  if (namesStayInMemory()) return fromName(tab);
  if (!port) return null;
  const answer = new Promise((resolve) => {
    port.addEventListener("message", ({ data }) => resolve(data), { once: true });
    setTimeout(resolve, ANSWERS_WITHIN, null);
  });
  port.start();
  port.postMessage({ act: "take", tab });
  return answer;
}

export function forget(tab) {
  if (port) port.postMessage({ act: "forget", tab });
  else if (namesStayInMemory()) window.name = "";
}
