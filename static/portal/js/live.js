// Polling that rests while nobody looks, and a word to the person when a request came to nothing.

const POLL_MS = 15000;

// Small fragments listen with hx-trigger="poll from:body". Never a region with inputs in it.
const poll = () => {
  if (document.visibilityState === "visible" && window.htmx) window.htmx.trigger(document.body, "poll");
};
setInterval(poll, POLL_MS);
document.addEventListener("visibilitychange", poll);

const box = document.getElementById("request-problem");

const tell = (kind) => {
  if (!box) return;
  box.hidden = false;
  box.querySelector("[data-problem-text]").textContent = box.dataset[kind];
};

// A poll that failed is nobody's business; the next one comes by itself.
const isPoll = (event) => event.detail.requestConfig?.triggeringEvent?.type === "poll";

let stale = false;
document.addEventListener("portal:stale", () => {
  stale = true;
  tell("stale");
});
document.addEventListener("htmx:responseError", (event) => {
  if (isPoll(event)) return;
  if (!stale) tell(event.detail.xhr.status === 403 ? "refused" : "failed");
  stale = false;
});
document.addEventListener("htmx:sendError", (event) => {
  if (!isPoll(event)) tell("offline");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (box && event.detail.successful && !isPoll(event)) box.hidden = true;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-problem]")) box.hidden = true;
});
