// Forms: whether a draft is saved, files that are too large, and no second posting by a double click.

// <form data-autosave> with an element [data-save-state] whose data-dirty, -saving, -saved and -failed are the words.
const stateOf = (form) => form.querySelector("[data-save-state]") || document.querySelector(`[data-save-state="${form.id}"]`);

const show = (form, state) => {
  const place = stateOf(form);
  if (!place || place.dataset.state === state) return;
  place.dataset.state = state;
  const clock = new Date().toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  place.textContent = (place.dataset[state] || "").replace("{clock}", clock);
};

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-autosave]");
  if (form) show(form, "dirty");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-autosave]");
  // 422 is swapped in like a success, but what was typed was not saved.
  if (form) show(form, event.detail.successful && event.detail.xhr.status < 400 ? "saved" : "failed");
});

// <input type="file" data-max-bytes="…" data-too-large="…">: said before the upload, checked again on the server.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.("input[type=file][data-max-bytes]")) return;
  const note = input.parentElement.querySelector("[data-file-note]");
  if (!note) return;
  const file = input.files[0];
  note.hidden = !file;
  if (!file) return;
  const tooLarge = file.size > Number(input.dataset.maxBytes);
  const size = `${(file.size / 1048576).toLocaleString("nb-NO", { maximumFractionDigits: 1 })} MB`;
  note.dataset.state = tooLarge ? "bad" : "fine";
  note.textContent = tooLarge ? (input.dataset.tooLarge || "").replace("{size}", size) : `${file.name}, ${size}`;
});

// The server treats a repeat as harmless; this only spares the person the wait.
const PATIENCE_MS = 5000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "1";
  setTimeout(() => delete form.dataset.sending, PATIENCE_MS);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});
