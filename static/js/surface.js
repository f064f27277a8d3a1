// What opens and closes: dialogs, menus. Without this file links lead to pages and <details> still open.
// data-opens="id" opens that dialog, data-closes shuts the one it sits in; a fragment swapped into a
// dialog by htmx opens it; a menu shuts on Escape, on a click elsewhere and when focus leaves it.
// data-prints prints the page.

const open = (dialog) => {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  const first = dialog.querySelector("[autofocus]") ?? dialog.querySelector("input:not([type=hidden]), textarea, select");
  first?.focus();
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault();
      for (const menu of document.querySelectorAll("[data-menu][open]")) menu.open = false;
      open(dialog);
    }
    return;
  }
  if (event.target.closest("[data-prints]")) window.print();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target.matches("dialog")) {
    const area = event.target.getBoundingClientRect();
    const outside = event.clientX < area.left || event.clientX > area.right;
    if (outside || event.clientY < area.top || event.clientY > area.bottom) event.target.close();
  }
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("[data-menu][open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target.closest("dialog");
  if (dialog && event.detail.target.childElementCount) open(dialog);
  focusSummary(event.detail.target);
});

// An answer with an error status still carries the form with its messages: show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([400, 403, 409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

function focusSummary(root) {
  root.querySelector("[data-focus]")?.focus();
}

// A choice that sends its own form: <select data-sends>. Without this file the form's button does it.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
});
for (const button of document.querySelectorAll("[data-without-js]")) button.hidden = true;

focusSummary(document);
