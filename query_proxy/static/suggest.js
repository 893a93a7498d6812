/* Suggestions under the search field while a shopper types.

   Source: the combobox with a list and manual selection of the ARIA Authoring Practices Guide. Without
   this script the field is an ordinary one. Texts come as text only, never as markup. */

const PAUSE_MS = 150; // of typing, before the shop is asked
const MOST = 8;

class Suggestions {
  constructor(form, field) {
    this.form = form;
    this.field = field;
    this.list = this.made("ul", { id: "suggestions", role: "listbox", class: "suggestions", hidden: "" });
    this.list.setAttribute("aria-label", form.dataset.suggestions);
    this.told = this.made("p", { class: "unseen", role: "status" });
    form.append(this.list, this.told);
    const given = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions" };
    for (const [name, value] of Object.entries(given)) field.setAttribute(name, value);
    this.close();
    this.listen();
  }

  listen() {
    // While an input method composes, what stands in the field is not yet what is meant.
    this.field.addEventListener("input", (event) => event.isComposing || this.ask());
    this.field.addEventListener("compositionend", () => this.ask());
    this.field.addEventListener("keydown", (event) => event.isComposing || this.press(event));
    this.field.addEventListener("blur", () => this.stop());
    this.form.addEventListener("submit", () => this.stop());
    // The field keeps the focus.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.search(option);
    });
  }

  made(name, attributes) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  get options() {
    return [...this.list.children];
  }

  get active() {
    return this.options.find((each) => each.getAttribute("aria-selected") === "true");
  }

  ask() {
    clearTimeout(this.timer);
    this.pending?.abort();
    if (!this.field.value.trim()) {
      this.close();
      return;
    }
    this.timer = setTimeout(() => this.fetch(this.field.value), PAUSE_MS);
  }

  async fetch(typed) {
    const pending = (this.pending = new AbortController());
    const parameters = new URLSearchParams({ q: typed, size: MOST, products: 0 });
    const index = this.form.elements.namedItem("index");
    if (index) parameters.set("index", index.value);
    try {
      const answer = await fetch(`suggest?${parameters}`, { signal: pending.signal });
      const found = answer.ok ? (await answer.json()).suggestions : [];
      // A later letter, or leaving the field, has made this answer old.
      if (!pending.signal.aborted) this.show(found.map((each) => each.text), typed);
    } catch {
      if (!pending.signal.aborted) this.close();
    }
  }

  show(texts, typed) {
    if (!texts.length) {
      this.close();
      return;
    }
    this.list.replaceChildren(...texts.map((text, place) => this.option(text, place, typed)));
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.field.setAttribute("aria-expanded", "true");
    this.field.removeAttribute("aria-activedescendant");
    const { one, several } = this.form.dataset;
    this.told.textContent = texts.length === 1 ? one : several.replace("{count}", texts.length);
  }

  option(text, place, typed) {
    const option = this.made("li", { id: `suggestion-${place}`, role: "option", "aria-selected": "false" });
    option.dataset.text = text;
    // What is new stands out; of a corrected word everything may be.
    const start = typed.trimStart().toLowerCase();
    const same = text.toLowerCase().startsWith(start) ? start.length : text.length;
    const rest = this.made("strong", {});
    rest.textContent = text.slice(same);
    option.append(text.slice(0, same), rest);
    return option;
  }

  stop() {
    clearTimeout(this.timer);
    this.pending?.abort();
    this.close();
  }

  close() {
    this.list.hidden = true;
    this.list.replaceChildren();
    this.told.textContent = "";
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (this.list.hidden) {
      if (event.key === "ArrowDown" && this.field.value.trim()) this.ask();
      return;
    }
    if (event.key === "ArrowDown" && !event.altKey) this.move(1);
    else if (event.key === "ArrowUp" && !event.altKey) this.move(-1);
    // Escape closes the list first; once more, it empties the field as browsers do.
    else if (event.key === "Escape" || event.key === "ArrowUp") this.stop();
    else if (event.key === "Enter" && this.active) this.search(this.active);
    else return;
    event.preventDefault();
  }

  move(by) {
    const options = this.options;
    const from = options.indexOf(this.active);
    const to = from < 0 && by < 0 ? options.length - 1 : (from + by + options.length) % options.length;
    options.forEach((each, place) => each.setAttribute("aria-selected", String(place === to)));
    this.field.setAttribute("aria-activedescendant", options[to].id);
    options[to].scrollIntoView({ block: "nearest" });
  }

  search(option) {
    this.field.value = option.dataset.text;
    this.stop();
    this.form.requestSubmit();
  }
}

const form = document.querySelector("form.search[data-suggestions]");
if (form) new Suggestions(form, form.elements.namedItem("q"));
