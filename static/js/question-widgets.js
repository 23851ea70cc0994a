// Makes fields of questions handier: items to put in order get buttons, pictures can be pointed at, words can be dragged.
// The fields themselves stay what is saved, so all of it works without this file.
const changed = field => field.dispatchEvent(new Event('change', {bubbles: true}));

function setUpOrdering(list) {
  const items = () => [...list.querySelectorAll('.orderitem')];
  const live = document.createElement('p');
  live.className = 'vh';
  live.setAttribute('role', 'status');
  list.after(live);

  const arrange = () => {
    const place = item => Number(item.querySelector('select').value) || 1e3;
    list.append(...items().sort((a, b) => place(a) - place(b)));
  };
  function move(item, by) {
    const all = items(), at = all.indexOf(item), to = at + by;
    if (to < 0 || to >= all.length) return;
    if (by < 0) all[to].before(item); else all[to].after(item);
    for (const [n, one] of items().entries()) one.querySelector('select').value = String(n + 1);
    live.textContent = list.dataset.moved.replace('TEXT', item.querySelector('span').textContent.trim()).replace('NUMBER', String(to + 1));
    changed(item.querySelector('select'));
  }
  for (const item of items()) {
    for (const [label, by, arrow] of [[list.dataset.up, -1, '↑'], [list.dataset.down, 1, '↓']]) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'iconbtn';
      button.textContent = arrow;
      button.setAttribute('aria-label', `${label}: ${item.querySelector('span').textContent.trim()}`);
      button.addEventListener('click', () => { move(item, by); button.focus(); });
      item.append(button);
    }
  }
  if (items().some(item => item.querySelector('select').value)) arrange();
}

function setUpHotspot(place) {
  const show = () => {
    for (const area of place.querySelectorAll('[data-area]')) {
      area.classList.toggle('on', place.querySelector(`input[value="${area.dataset.area}"]`).checked);
    }
  };
  place.addEventListener('change', show);
  for (const area of place.querySelectorAll('[data-area]')) {
    area.addEventListener('click', () => {
      const field = place.querySelector(`input[value="${area.dataset.area}"]`);
      field.checked = field.type === 'radio' || !field.checked;
      changed(field);
    });
  }
  show();
}

function setUpDrag(text) {
  const words = [...(text.parentElement.querySelector('.words')?.querySelectorAll('[data-word]') ?? [])];
  const gaps = [...text.querySelectorAll('select.gap')];
  const show = () => {
    const used = new Set(gaps.map(gap => gap.value));
    for (const word of words) word.classList.toggle('used', used.has(word.dataset.word) && !('again' in word.dataset));
  };
  for (const word of words) {
    word.draggable = true;
    word.addEventListener('dragstart', event => event.dataTransfer.setData('text/plain', word.dataset.word));
  }
  for (const gap of gaps) {
    gap.addEventListener('dragover', event => event.preventDefault());
    gap.addEventListener('drop', event => {
      event.preventDefault();
      const value = event.dataTransfer.getData('text/plain');
      if (![...gap.options].some(option => option.value === value)) return;
      gap.value = value;
      changed(gap);
    });
  }
  text.addEventListener('change', show);
  show();
}

document.querySelectorAll('[data-ordering]').forEach(setUpOrdering);
document.querySelectorAll('[data-hotspot]').forEach(setUpHotspot);
document.querySelectorAll('[data-drag]').forEach(setUpDrag);
