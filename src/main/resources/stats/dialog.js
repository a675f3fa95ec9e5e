// Asks before something is changed. What the service objects to is said in the dialog, which then stays open.

import { Problem } from './api.js';
import { el, say, show } from './dom.js';

let dialogs = 0;

/**
 * Opens a dialog.
 * @param content elements, fields among them
 * @param confirm the words of the button
 * @param danger whether the button is red
 * @param submit gets the fields' values; the dialog closes when it is through, and stays when it throws
 * @return the dialog, its button, values() and objection(error), for dialogs that ask the service themselves
 */
export function ask({ title, content, confirm, danger = false, submit }) {
  const id = `dialog-${++dialogs}`;
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  const button = el('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, confirm);
  const form = el('form', { submit: send },
    el('h2', { id }, title), content, problem,
    el('div', { class: 'buttons' }, el('button', { type: 'button', click: () => dialog.close() }, 'Leave it'), button));
  const dialog = el('dialog', { 'aria-labelledby': id, close: () => dialog.remove() }, form);

  function objection(error) {
    say(problem, error?.message ?? '');
    show(problem, Boolean(error));
  }

  async function send(event) {
    event.preventDefault();
    button.disabled = true;
    objection(null);
    try {
      await submit(values());
      dialog.close();
    } catch (error) {
      if (!(error instanceof Problem)) {
        throw error;
      }
      objection(error);
    } finally {
      button.disabled = false;
    }
  }

  function values() {
    return Object.fromEntries(new FormData(form));
  }

  document.body.append(dialog);
  dialog.showModal();
  form.querySelector('[name=reason]')?.focus();
  return { dialog, button, values, objection };
}
