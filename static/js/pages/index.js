/** First page: on a new installation the button leads to setting it up. */
const answer = await fetch('/api/first-run', { headers: { Accept: 'application/json' } }).then((r) => (r.ok ? r.json() : null), () => null);
if (answer?.open) {
  const button = document.querySelector('[data-start]');
  button.href = '/first-run.html';
  button.textContent = 'Set up this installation';
}
