// "Promise this": takes the sentence marked in one field, or the one the caret stands in, into the promise beside it.
// A button carries data-promise-from="<id of the text>"; without this file the promise is simply typed.

const sentenceAt = (text, from, to) => {
  if (from !== to) return text.slice(from, to);
  const start = Math.max(...[". ", "! ", "? ", "\n"].map((end) => text.lastIndexOf(end, from - 1) + 1));
  const rest = text.slice(start);
  const stop = rest.search(/[.!?](\s|$)|\n/);
  return stop < 0 ? rest : rest.slice(0, stop);
};

const ready = (root) => {
  for (const button of root.querySelectorAll("[data-promise-from][hidden]")) button.hidden = false;
};

// A click on the button takes the focus from the text, but not its selection.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-promise-from]");
  if (!button) return;
  const text = document.getElementById(button.dataset.promiseFrom);
  const field = button.closest("details").querySelector("input[name=promise]");
  const taken = sentenceAt(text.value, text.selectionStart, text.selectionEnd).trim().replace(/[.!]+$/, "");
  if (taken) field.value = taken.slice(0, field.maxLength > 0 ? field.maxLength : taken.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  button.closest("details").querySelector("input[name=promise_due_at]").focus();
});

ready(document);
document.addEventListener("htmx:afterSwap", () => ready(document));
