// The preview of a draft: the frame's text is exchanged, not the frame, so that it stays where it was scrolled to.
import { postForPart } from "../requests.js";

// Returns a function that shows what stands in the form now.
export function previewOf(form, frame) {
  let showing = 0;
  return async function show() {
    showing += 1;
    const mine = showing;
    try {
      const html = await postForPart(form.dataset.preview, new FormData(form), "preview");
      const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("main");
      const here = frame.contentDocument?.getElementById("main");
      if (fresh && here && mine === showing) here.replaceWith(frame.contentDocument.adoptNode(fresh));
    } catch {
      // it is shown again with the next change
    }
  };
}
