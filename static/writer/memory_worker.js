// A shared worker that outlives a page by some seconds: long enough for the same tab to load it again, and no longer. What
// it keeps is in memory alone.
const KEPT_FOR = 10000;
const kept = new Map();
const timers = new Map();

function forget(tab) {
  clearTimeout(timers.get(tab));
  timers.delete(tab);
  kept.delete(tab);
}

const acts = {
  keep({ tab, what }) {
    forget(tab);
    kept.set(tab, what);
    timers.set(tab, setTimeout(forget, KEPT_FOR, tab));
  },
  take({ tab }, port) {
    port.postMessage(kept.get(tab) ?? null);
    forget(tab);
  },
  forget: ({ tab }) => forget(tab),
};

addEventListener("connect", ({ ports: [port] }) => {
  port.onmessage = ({ data }) => acts[data.act](data, port);
});
