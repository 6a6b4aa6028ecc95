// The parts of the inbox that its modules share: the list, the letter beside it, and which letter is open.

export const list = document.getElementById("rows");
export const pane = document.getElementById("letter");
export const article = () => pane.querySelector("article.one");
export const openId = () => article()?.dataset.letter || "";
