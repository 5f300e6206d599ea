// <button data-copy="id of a text field" hidden>: shown where there is script, copies the field, and says that it did.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const status = document.querySelector("[data-copy-status]");
  if (!field) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    let copied = false;
    try {
      await navigator.clipboard.writeText(field.value);
      copied = true;
    } catch {
      // Without permission (or https) the text is marked, so that one key press copies it.
      field.focus();
      field.select();
    }
    if (status) status.textContent = copied ? button.dataset.copied : button.dataset.failed;
  });
}
