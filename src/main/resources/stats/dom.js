// Builds the document. Texts become text nodes: what clients say of themselves is never markup.

/**
 * Makes an element. An attribute that is a function listens to the event of its name, one that is false,
 * null or undefined is left out; children may be nested, and are left out likewise.
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(key, value);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...present(children));
  return element;
}

/** Replaces what an element has in it. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => child instanceof Node ? child : String(child));
}

/** Sets a text if it is another: a node that stays is not read out again, and keeps its selection. */
export function say(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) {
    element.textContent = wanted;
  }
}

/** Shows or hides an element. */
export function show(element, shown) {
  element.hidden = !shown;
}

/** Keeps rows by their key: makes what is new, lets the rest stay where it is, removes what is gone. */
export class KeyedRows {

  constructor(parent, make) {
    this.parent = parent;
    this.make = make;
    this.rows = new Map();
  }

  update(keys) {
    for (const [key, row] of this.rows) {
      if (!keys.includes(key)) {
        row.close?.();
        row.element.remove();
        this.rows.delete(key);
      }
    }
    for (const key of keys.filter((each) => !this.rows.has(each))) {
      const row = this.make(key);
      this.rows.set(key, row);
      this.parent.append(row.element);
    }
    return this.rows;
  }

  close() {
    this.update([]);
  }

}
