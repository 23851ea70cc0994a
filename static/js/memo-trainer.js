// <memo-trainer>: today's cards, one at a time. Tap, keys (1-4, arrows, Enter) or swipe (true or false).
// Each answer is on the device before the next card shows, and leaves it when the server has confirmed it. What the
// device says about an answer is provisional: the server marks every answer itself.
// Without this file, or without the session, the plain form in the page stays.
import {csrfToken, openStore} from './store.js';

const calm = matchMedia('(prefers-reduced-motion: reduce)');
const SWIPE = 90;   // pixels that count as an answer

const el = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (name === 'html') made.innerHTML = value;   // cleaned by the server
    else if (value !== false && value != null) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter(child => child != null));
  return made;
};
const drawn = (tag, attributes, ...children) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const name in attributes) made.setAttribute(name, attributes[name]);
  made.append(...children);
  return made;
};
const stillAnswered = items => { const gone = new Set(items.map(item => item.undo)); return items.filter(item => !item.undo && !gone.has(item.id)).map(item => item.card); };
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

// --- marking, as assessments/question_types does it --------------------------------------------------------------
const nothing = {fraction: 0, feedback: ''};

const fold = (text, exact) => {
  const plain = text.normalize('NFC').replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2010\u2011\u2013]/g, '-').trim().replace(/\s+/g, ' ');
  return exact ? plain : plain.toLowerCase().replaceAll('ß', 'ss').normalize('NFC');
};
const fits = (pattern, text) => {
  const parts = pattern.replaceAll('\\*', '\ue000').split('*').map(part => part.replaceAll('\ue000', '*'));
  if (parts.length === 1) return text === parts[0];
  const last = parts.at(-1), end = text.length - last.length;
  let start = parts[0].length;
  if (start > end || !text.startsWith(parts[0]) || !text.endsWith(last)) return false;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, start);
    if (found < 0 || found + part.length > end) return false;
    start = found + part.length;
  }
  return true;
};
const numberIn = (typed, unit) => {
  const tidy = text => text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, digit => String(digit.charCodeAt(0) & 15)).normalize('NFC').replace(/[\u2212\u2013]/g, '-').replaceAll('\u2019', "'")
    .replaceAll('\u00d7', 'x').replace(/[\u00b7\u22c5]/g, '*').trim().replace(/\s+/g, ' ');
  const found = /^([+-]?)(\d{1,3}(?:[ ']\d{3})+|\d*)(?:[.,](\d*))?(?:\s*(?:[eE]|[x*]\s*10\s*\^)\s*([+-]?\d{1,3}))?/.exec(tidy(typed));
  if (!found || !(found[2] || found[3])) return null;
  const same = text => tidy(text).normalize('NFKC').replaceAll(' ', '');
  const rest = same(tidy(typed).slice(found[0].length));
  if (rest && rest !== same(unit)) return null;
  return Number(`${found[1]}${found[2].replace(/[ ']/g, '') || '0'}.${found[3] || '0'}e${found[4] || '0'}`);
};
const marking = {
  single: (key, [value]) => key.marks[value] ?? nothing,
  true_false: (key, [value]) => key.marks[value] ?? nothing,
  multiple(key, values) {
    const all = Object.entries(key.choices), chosen = all.filter(([value]) => values.includes(value));
    const feedback = chosen.map(([, choice]) => choice.feedback).join('');
    if (all.every(([value, choice]) => choice.right === values.includes(value))) return {fraction: 1, feedback};
    const earned = key.all_or_nothing ? 0 : chosen.reduce((sum, [, choice]) => sum + choice.share, 0);
    return {fraction: Math.min(Math.max(earned, 0), 0.99999), feedback};
  },
  short_text: (key, [typed]) => key.patterns.find(one => fits(one.text, fold(typed, key.case_sensitive))) ?? nothing,
  numeric(key, [typed]) {
    const number = numberIn(typed, key.unit);
    return number === null ? nothing : key.numbers.find(one => Math.abs(number - one.value) <= one.tolerance * (1 + 1e-12)) ?? nothing;
  },
};

// --- the element ---------------------------------------------------------------------------------------------------
customElements.define('memo-trainer', class extends HTMLElement {
  async connectedCallback() {
    this.store = openStore(`memo-${this.dataset.person}`);
    this.outside = name => document.querySelector(`[data-${name}]`);
    if ('serviceWorker' in navigator) navigator.serviceWorker.register(this.dataset.worker).catch(() => {});
    this.left = await this.store.keepFlushing(this.dataset.post, left => this.tell(left)).catch(() => 0);
    this.session = await this.today();
    if (!this.session?.cards.length) return;
    Object.assign(this, {cards: this.session.cards, words: this.session.words, at: 0, results: []});
    this.addEventListener('keydown', event => this.key(event));   // only with focus inside: WCAG 2.1.4
    this.render();
  }

  // From the server, else what was kept; without the cards whose answers still wait on this device.
  async today() {
    const answer = await fetch(this.dataset.src).catch(() => null);
    const fresh = answer?.ok && !answer.redirected ? await answer.json().catch(() => null) : null;
    if (fresh) await this.store.set('session', fresh);
    const session = fresh ?? await this.store.get('session');
    if (!session) return null;
    const answered = new Set([...(fresh ? [] : await this.store.get('answered') ?? []), ...stillAnswered(await this.store.waiting())]);
    if (fresh) await this.store.set('answered', []);
    // Cards that only the server can mark come last, and not at all without network.
    const cards = session.cards.filter(card => !answered.has(card.id) && (card.key || navigator.onLine));
    return {...session, cards: [...cards.filter(card => card.key), ...cards.filter(card => !card.key)]};
  }

  get card() { return this.cards[this.at]; }

  icon(name) { return drawn('svg', {class: 'icon', 'aria-hidden': 'true'}, drawn('use', {href: `${this.dataset.icons}#${name}`})); }

  tell(left) {
    this.left = left ?? 0;
    const net = this.outside('net');
    if (net) net.hidden = navigator.onLine;
    const state = document.querySelector('[data-sent]');
    if (state) this.sayState(state);
  }

  sayState(chip) {
    const sent = navigator.onLine && !this.left;
    chip.className = `chip ${sent ? 'ok' : 'info'}`;
    chip.textContent = sent ? this.words.sent : this.words.kept;
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches?.('input[name=answer]:not([type])')) return;
    const options = [...this.querySelectorAll('.opt:not([disabled])')], place = Number(event.key) - 1;
    if (this.card?.type === 'true_false' && ['ArrowLeft', 'ArrowRight'].includes(event.key)) {
      event.preventDefault();
      options[event.key === 'ArrowRight' ? 1 : 0]?.click();
    } else if (options[place]) { event.preventDefault(); options[place].click(); }
  }

  head() {
    const of = this.cards.length, at = Math.min(this.at + 1, of);
    const segments = this.outside('segs');
    segments.setAttribute('aria-label', filled(this.words.cards, {at, of}));
    segments.replaceChildren(...this.cards.map((_, place) => el('i', {class: place < this.results.length ? (this.results[place] ? 'ok' : 'no') : place === this.at ? 'cur' : null})));
    this.outside('count').textContent = filled(this.words.count, {at, of});
  }

  render() {
    if (this.at >= this.cards.length) return this.finish();
    const card = this.card;
    this.answered = false;
    this.head();
    this.outside('foot').replaceChildren(this.hint(card));
    const stem = card.long
      ? [el('h1', {class: 'vh', tabindex: '-1'}, filled(this.words.cards, {at: this.at + 1, of: this.cards.length})), el('div', {class: 'prose', html: card.stem})]
      : [el('h1', {tabindex: '-1', html: card.stem})];
    const box = el('div', {class: 'qcard'}, card.from ? el('p', {class: 'chip brand-c'}, card.from) : null, ...stem, this.body(card));
    if (card.type === 'true_false') this.swipe(box);
    const form = el('form', {on: {submit: event => { event.preventDefault(); this.check(form); }}}, el('div', {class: 'deck'}, box));
    this.replaceChildren(form);
    (this.querySelector('input[name=answer]:not([type])') ?? this.querySelector('h1')).focus({preventScroll: true});
  }

  body(card) {
    const words = this.words, check = () => el('button', {class: 'btn primary big', type: 'submit'}, words.check);
    if (!card.key) return el('a', {class: 'btn primary big', href: card.form}, words.open, this.icon('arrow-right'));
    const option = (choice, hint) => el('button', {type: 'button', class: 'opt', 'data-value': choice.value, on: {click: () => this.answer([choice.value])}}, hint ? el('kbd', {'aria-hidden': 'true'}, hint) : null, el('span', {html: choice.text}));
    if (card.type === 'single') return el('div', {class: 'opts'}, ...card.public.choices.map((choice, place) => option(choice, place < 9 ? String(place + 1) : null)));
    if (card.type === 'true_false') {
      const [yes, no] = card.public.choices;
      return el('div', {class: 'two'}, option(no, '←'), option(yes, '→'));
    }
    if (card.type === 'multiple') return el('div', {class: 'stack'}, el('fieldset', {class: 'opts'}, el('legend', {class: 'small muted'}, words.pick),
      ...card.public.choices.map(choice => el('label', {class: 'opt radio', 'data-value': choice.value}, el('input', {type: 'checkbox', name: 'answer', value: choice.value}), el('span', {html: choice.text})))), check());
    const unit = card.public.unit ? el('span', {html: ` (${card.public.unit})`}) : null;
    return el('div', {class: 'stack'}, el('div', {class: 'field'}, el('label', {for: 'answer'}, words.answer, unit),
      el('input', {id: 'answer', name: 'answer', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'done', inputmode: card.type === 'numeric' ? 'decimal' : null})), check());
  }

  hint(card) {
    const words = this.words, count = card.public.choices?.length;
    const text = card.type === 'true_false' ? words.keysTruth
      : card.type === 'single' || card.type === 'multiple' ? filled(words.keysChoice, {first: 1, last: Math.min(count, 9)})
      : card.key ? words.keysText : '';
    return el('p', {class: 'hint keys'}, text);
  }

  check(form) {
    const values = new FormData(form).getAll('answer').map(value => value.trim()).filter(Boolean);
    if (values.length) this.answer(values); else form.querySelector('input')?.focus();
  }

  async answer(values) {
    if (this.answered) return;
    this.answered = true;
    const card = this.card, mark = marking[card.type](card.key, values), right = mark.fraction === 1;
    const kept = await this.store.queue({card: card.id, version: card.version, answer: {answer: values}, extra: 'extra' in this.dataset});
    await this.note(answered => [...answered, card.id]);
    this.results[this.at] = right;
    this.show(card, values);
    this.sheet(card, mark, right, kept);
    this.store.flush(this.dataset.post).then(left => this.tell(left));
  }

  show(card, values) {
    const isRight = value => card.key.marks ? card.key.marks[value].fraction === 1 : card.key.choices?.[value].right;
    for (const option of this.querySelectorAll('.opt')) {
      const value = option.dataset.value;
      option.classList.remove('radio');   // its look for *chosen* would hide *right*
      if (isRight(value)) option.classList.add('right'); else if (values.includes(value)) option.classList.add('wrong');
    }
    for (const control of this.querySelectorAll('button,input')) control.disabled = true;
    for (const button of this.querySelectorAll('.btn')) button.hidden = true;
    this.head();
  }

  // Cards that need not come again after a reload.
  async note(change) {
    await this.store.set('answered', change(await this.store.get('answered') ?? []));
  }

  // Goes the way of the answer, after it: offline too, and the server takes it once.
  async undo(card, kept) {
    await this.store.queue({undo: kept.id, card: card.id});
    await this.note(answered => answered.filter(id => id !== card.id));
    this.results.length = this.at;
    this.store.flush(this.dataset.post).then(left => this.tell(left));
    this.render();
  }

  wrong(card) {
    const words = this.words, text = el('textarea', {id: 'report-text', rows: 2, maxlength: 500});
    const box = el('details', {}, el('summary', {class: 'btn'}, this.icon('flag'), words.odd),
      el('form', {class: 'form', on: {submit: async event => {
        event.preventDefault();
        const data = new FormData();
        data.set('text', text.value);
        const sent = await fetch(card.report, {method: 'POST', body: data, headers: {accept: 'application/json', 'X-CSRFToken': csrfToken()}}).catch(() => null);
        box.replaceWith(el('p', {role: 'status'}, sent?.ok ? words.thanks : words.later));
      }}}, el('div', {class: 'field'}, el('label', {for: 'report-text'}, words.oddAsk), text), el('div', {}, el('button', {class: 'btn', type: 'submit'}, words.oddSend))));
    return box;
  }

  sheet(card, mark, right, kept) {
    const words = this.words, last = this.at + 1 >= this.cards.length;
    const typed = card.type === 'short_text' || card.type === 'numeric';
    const next = el('button', {type: 'button', class: 'btn primary big wide', on: {click: () => this.next()}}, last ? words.end : words.continue, this.icon('arrow-right'));
    const place = card.place && el('p', {class: 'small'}, `${words.from} `, card.place.href ? el('a', {href: card.place.href}, card.place.title) : card.place.title, [card.place.by, card.place.at].filter(Boolean).map(text => `, ${text}`).join(''));
    const foot = this.outside('foot');
    foot.replaceChildren(el('div', {class: `sheet ${right ? 'ok' : 'no'}`, role: 'status'},
      el('div', {class: 'hd'}, this.icon(right ? 'circle-check' : 'lightbulb'), right ? words.right : mark.fraction ? words.partly : words.wrong),
      !right && typed ? el('p', {}, `${words.itwas} `, el('b', {html: card.right[0] ?? ''})) : null,
      mark.feedback ? el('div', {html: mark.feedback}) : null,
      card.why ? el('div', {html: card.why}) : null, place,
      el('div', {class: 'row tight'}, el('button', {type: 'button', class: 'btn', on: {click: () => this.undo(card, kept)}}, this.icon('undo-2'), words.undo), this.wrong(card)), next));
    next.focus({preventScroll: true});
    foot.scrollIntoView({block: 'end', behavior: calm.matches ? 'auto' : 'smooth'});
  }

  next() {
    this.at++;
    const go = () => this.render();
    if (document.startViewTransition && !calm.matches) document.startViewTransition(go); else go();
  }

  swipe(box) {
    let from = null;
    const move = distance => { box.style.transform = distance ? `translateX(${distance}px) rotate(${distance / 28}deg)` : ''; };
    box.addEventListener('pointerdown', event => {
      if (this.answered || event.target.closest('button,a')) return;
      from = event.clientX;
      box.setPointerCapture(event.pointerId);
    });
    box.addEventListener('pointermove', event => { if (from !== null) move(event.clientX - from); });
    box.addEventListener('pointerup', event => {
      if (from === null) return;
      const distance = event.clientX - from;
      from = null;
      move(0);
      if (Math.abs(distance) > SWIPE) this.answer([distance > 0 ? 'true' : 'false']);
    });
    box.addEventListener('pointercancel', () => { from = null; move(0); });
  }

  finish() {
    this.head();
    this.outside('foot').replaceChildren();
    const of = this.cards.length, knew = this.results.filter(Boolean).length, back = of - knew, words = this.words;
    const circle = (name, extra) => drawn('circle', {class: name, cx: 20, cy: 20, r: 17, pathLength: 100, ...extra});
    const ring = el('span', {class: 'ring big-ring', 'aria-hidden': 'true'}, drawn('svg', {viewBox: '0 0 40 40'}, circle('tr', {}), circle('va', {'stroke-dasharray': `${knew / of * 100} 100`})), el('b', {}, `${knew}/${of}`));
    const state = el('p', {'data-sent': true, role: 'status'});
    this.sayState(state);
    this.replaceChildren(el('div', {class: 'done-screen'}, ring, el('h1', {tabindex: '-1'}, words.done),
      el('p', {class: 'muted'}, back === 0 ? words.all : back === 1 ? words.backOne : filled(words.back, {count: back})),
      state, el('a', {class: 'btn primary big', href: this.dataset.home}, words.home)));
    this.querySelector('h1').focus();
  }
});
