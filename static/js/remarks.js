// The words that a reviewer selects in the text go into the form of a remark, with their place. Without this file they
// are copied by hand.
const text = document.querySelector('[data-remarkable]'), form = document.getElementById('remark-form');
const quote = form?.querySelector('[name=quote]'), start = form?.querySelector('[name=start]');

// Where a point of the selection lies in the text.
function place(node, offset) {
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest('[data-start]');
  return piece && text.contains(piece) ? Number(piece.dataset.start) + (node.nodeType === Node.TEXT_NODE ? offset : 0) : null;
}

document.addEventListener('selectionchange', () => {
  const chosen = getSelection();
  if (!text || !form || chosen.isCollapsed || !chosen.rangeCount) return;
  const range = chosen.getRangeAt(0);
  const from = place(range.startContainer, range.startOffset), to = place(range.endContainer, range.endOffset);
  if (from === null || to === null || to <= from) return;
  const whole = [...text.querySelectorAll('[data-start]')].map(piece => piece.textContent).join('');
  quote.value = whole.slice(from, to);
  start.value = from;
});
quote?.addEventListener('input', () => { start.value = ''; });
