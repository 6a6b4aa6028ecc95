// Requests that the desk's pages make by themselves.

export const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

// Returns the fields of a request with the token of the session; an array stands for a field that is there several times.
export function fields(values) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token());
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat()) body.append(name, one);
  }
  return body;
}

// Whether an answer says that the session or the seat is over, or that the letter is not there any more.
export const over = (response) => response.redirected || [401, 403, 404].includes(response.status);

function unusable(response) {
  return Object.assign(new Error("no usable answer"), { response, over: over(response) });
}

// Fetches a page, or the part of it that `part` names. Throws where there is no such answer: an error with `response`
// and `over` if the desk said something else, a TypeError if there is no connection.
export async function get(address, part = "") {
  const headers = part ? { "X-Steady": part } : {};
  const response = await fetch(address, { credentials: "same-origin", headers });
  if (!response.ok || response.redirected) throw unusable(response);
  return response;
}

export async function getText(address, part = "") {
  return (await get(address, part)).text();
}

const onTheirWay = new Set();

// Resolves when everything that was posted before has arrived, or has failed.
export const arrived = () => Promise.allSettled([...onTheirWay]);

// Posts and returns the desk's JSON with `ok` and `status`. Throws as get() does. With `keepalive` it arrives also where
// the page is left meanwhile; browsers allow that for 64 KiB only, so long texts go without.
export async function post(address, body, { keepalive = true } = {}) {
  const sent = fetch(address, {
    method: "POST",
    credentials: "same-origin",
    keepalive,
    headers: { Accept: "application/json", "X-Steady": "decision" },
    body,
  });
  onTheirWay.add(sent);
  const response = await sent.finally(() => onTheirWay.delete(sent));
  if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) throw unusable(response);
  return { ok: response.ok, status: response.status, ...(await response.json()) };
}

// Posts and returns the HTML of a part of the page: a "batch" of search results, say. Throws as get() does.
export async function postForPart(address, body, part, signal) {
  const headers = { "X-Steady": part };
  const response = await fetch(address, { method: "POST", credentials: "same-origin", headers, body, signal });
  if (!response.ok || response.redirected) throw unusable(response);
  return response.text();
}
