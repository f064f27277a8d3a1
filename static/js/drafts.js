// Nothing typed is lost. A form with data-draft="key" is sent to /drafts/<key>/ 800 ms after the last
// keystroke, when a field is left, and when the page goes away; its [data-draft-status] says how long ago.
// When the sign-in has run out, the words stay on the page and in this tab until somebody signs in again.

const PAUSE = 800;
const MOST = 10 * 1024 * 1024; // what can be sent at once: DATA_UPLOAD_MAX_MEMORY_SIZE
const SKIP = new Set(["csrfmiddlewaretoken"]);

const words = (form) => {
  const typed = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const field = form.elements[name];
    const secret = field instanceof HTMLInputElement && field.type === "password";
    if (typeof value === "string" && !SKIP.has(name) && !secret) typed.append(name, value);
  }
  return typed;
};

const token = (form) => form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

const shelf = {
  put: (key, typed) => shelf.try(() => sessionStorage.setItem(`draft:${key}`, typed)),
  take: (key) => shelf.try(() => sessionStorage.getItem(`draft:${key}`)),
  drop: (key) => shelf.try(() => sessionStorage.removeItem(`draft:${key}`)),
  try: (deed) => {
    try {
      return deed();
    } catch {
      return null; // a browser that keeps nothing: the words are still on the page
    }
  },
};

class Draft {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.draft;
    this.url = form.dataset.draftUrl ?? `/drafts/${this.key}/`;
    this.status = form.querySelector("[data-draft-status]") ?? document.createElement("span");
    this.last = words(form).toString();
    this.refill();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("focusout", () => this.save());
    form.addEventListener("submit", (event) => this.beforeSending(event));
    setInterval(() => this.tell(), 5000);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // Send what was typed; true when it is safe on the server (or nothing new was typed).
  async save() {
    clearTimeout(this.timer);
    if (this.busy) await this.busy;
    if (!this.form.isConnected) return true; // sent and replaced meanwhile
    const typed = words(this.form).toString();
    if (this.sent || typed === this.last) return !this.signedOut;
    this.busy = this.send(typed);
    const kept = await this.busy;
    this.busy = null;
    return kept;
  }

  async send(typed) {
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        body: new URLSearchParams(typed),
        headers: { "X-CSRFToken": token(this.form) },
        redirect: "manual",
        keepalive: typed.length < 60000,
      });
      this.signedOut = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
      if (answer.ok) return this.kept(typed);
      return this.notKept(typed, this.signedOut ? "" : await answer.text());
    } catch {
      return this.notKept(typed, "No connection. What you typed stays on this page and is sent again.");
    }
  }

  kept(typed) {
    this.last = typed;
    this.at = Date.now();
    this.status.dataset.state = "";
    shelf.drop(this.key);
    this.tell();
    return true;
  }

  notKept(typed, why) {
    shelf.put(this.key, typed);
    this.say(this.signedOut ? this.signInAgain() : why, "late");
    if (!this.signedOut) this.timer = setTimeout(() => this.save(), 10000);
    return false;
  }

  signInAgain() {
    const link = document.createElement("a");
    link.href = `/account/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Sign in again";
    return ["You have been signed out. What you typed is kept in this tab. ", link, " and it will be here."];
  }

  tell() {
    if (!this.at || this.status.dataset.state === "late") return;
    const seconds = Math.max(1, Math.round((Date.now() - this.at) / 1000));
    this.say(`Draft saved ${seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} ago`);
  }

  say(what, state = "") {
    this.status.dataset.state = state;
    this.status.replaceChildren(...[what].flat());
  }

  // A form is sent only once its words are safe, so an expired sign-in cannot swallow them.
  async beforeSending(event) {
    if (this.ready || event.defaultPrevented || this.form.method === "dialog") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    if (words(this.form).toString().length > MOST) {
      this.say("This is too much text to be sent at once. It stays on this page: save it as a file and attach that.", "late");
      this.status.scrollIntoView({ block: "nearest" });
      return;
    }
    this.last = null;
    const kept = await Promise.race([this.save(), new Promise((done) => setTimeout(done, 3000, true))]);
    if (!kept && this.signedOut) {
      this.status.scrollIntoView({ block: "nearest" });
      return;
    }
    this.ready = this.sent = true;
    this.form.requestSubmit(button ?? undefined);
    setTimeout(() => (this.ready = this.sent = false), 1500);
  }

  leave() {
    const typed = words(this.form);
    if (this.sent || typed.toString() === this.last) return;
    typed.append("csrfmiddlewaretoken", token(this.form));
    navigator.sendBeacon?.(this.url, typed);
  }

  // What a tab kept while signed out comes back, as it was.
  refill() {
    const kept = shelf.take(this.key);
    if (!kept) return;
    const typed = new URLSearchParams(kept);
    for (const name of new Set(typed.keys())) fill(this.form.elements[name], typed.getAll(name));
    this.save();
  }
}

const fill = (found, values) => {
  const fields = found instanceof RadioNodeList ? [...found] : found ? [found] : [];
  fields.forEach((field, at) => {
    if (field.type === "file") return;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else field.value = values[Math.min(at, values.length - 1)];
  });
};

const drafts = new Map();
const adopt = (root) => {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if (!drafts.has(form)) drafts.set(form, new Draft(form));
  }
};

adopt(document);
document.addEventListener("htmx:load", (event) => adopt(event.detail.elt.parentElement ?? document));
addEventListener("pagehide", () => drafts.forEach((draft, form) => form.isConnected && draft.leave()));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") drafts.forEach((draft, form) => form.isConnected && draft.save());
});
