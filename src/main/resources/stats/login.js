// Says why a login was refused. The form itself works without.

const answer = new URLSearchParams(location.search);
const refused = document.getElementById('refused');
const button = document.querySelector('button[type=submit]');

if (answer.has('wait')) {
  count(Math.max(1, Number.parseInt(answer.get('wait'), 10) || 1));
} else if (answer.has('wrong')) {
  tell('The name or the password is wrong.');
}

function tell(text) {
  refused.textContent = text;
  refused.hidden = false;
}

/** Counts down; the text is told once, the seconds stand on the button. */
function count(seconds) {
  if (refused.hidden) {
    tell('There were too many wrong passwords. It can be tried again in a moment.');
  }
  button.disabled = seconds > 0;
  button.textContent = seconds > 0 ? `Log in (in ${seconds} s)` : 'Log in';
  if (seconds > 0) {
    setTimeout(count, 1000, seconds - 1);
  }
}
