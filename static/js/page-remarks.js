// A tap on a page says where the remark is about; the form has the place in percent. Without this file it is typed there.
const paper = document.querySelector('[data-paper]'), form = document.getElementById('remark-form');
const left = form?.querySelector('[name=left]'), top_ = form?.querySelector('[name=top]');
const drawing = paper?.querySelector('svg');
let mark = null;

// The place as it is typed, on the picture.
function show() {
  const there = left.value !== '' && top_.value !== '';
  if (!mark) {
    mark = document.createElementNS(drawing.namespaceURI, 'circle');
    mark.setAttribute('class', 'new');
    mark.setAttribute('r', '48');
    drawing.append(mark);
  }
  const box = drawing.viewBox.baseVal;
  mark.setAttribute('cx', there ? left.value / 100 * box.width : -100);
  mark.setAttribute('cy', there ? top_.value / 100 * box.height : -100);
}

paper?.addEventListener('click', event => {
  if (!left || event.target.closest('a')) return;
  const box = paper.getBoundingClientRect();
  const share = (at, from, size) => Math.min(100, Math.max(0, (at - from) / size * 100)).toFixed(1);
  left.value = share(event.clientX, box.left, box.width);
  top_.value = share(event.clientY, box.top, box.height);
  show();
  form.querySelector('[name=words]').focus();
});
for (const field of [left, top_]) if (paper) field?.addEventListener('input', show);
