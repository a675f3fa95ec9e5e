// Light, dark, or as the system has it. No module: it runs before the first paint, so that nothing flashes.
'use strict';

(() => {
  const KEY = 'echod.theme';
  const ORDER = ['system', 'light', 'dark'];
  const root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem(KEY) ?? 'system';
    } catch {
      return 'system'; // storage is switched off
    }
  }

  function store(theme) {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // It holds until the page is left.
    }
  }

  function apply(theme) {
    root.dataset.theme = ORDER.includes(theme) ? theme : 'system';
    for (const button of document.querySelectorAll('[data-theme-switch]')) {
      button.textContent = `Theme: ${root.dataset.theme}`;
    }
    dispatchEvent(new Event('themechange'));
  }

  apply(stored());
  addEventListener('DOMContentLoaded', () => apply(root.dataset.theme));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('themechange')));
  addEventListener('click', (event) => {
    if (event.target.closest?.('[data-theme-switch]')) {
      const next = ORDER[(ORDER.indexOf(root.dataset.theme) + 1) % ORDER.length];
      store(next);
      apply(next);
    }
  });
})();
