// The page of a draft: its three parts, and the editor where its text can be changed.
import "./parts.js";
import { edit } from "./editor.js";

const form = document.getElementById("draft-form");
if (form) edit(form);
