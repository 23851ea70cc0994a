// A small SCORM 1.2 package: four things people say, three answers to each. Keeps where one is, and says how it went.
const ROUNDS = [
  {
    says: '“I know I should drink less. But after a late shift it is the only thing that switches my head off.”',
    answers: [
      ['A reflection', 'You see a reason to cut down, and right now drinking is also what helps you come down.', true,
        'Both sides are heard, and the person is likely to go on.'],
      ['Advice', 'Have you tried going for a run after your shift?', false,
        'A good idea, perhaps, but it came before anybody asked for it. People then defend why it will not work.'],
      ['A closed question', 'How many glasses is that?', false, 'It gives you a number, and ends the thought that had begun.'],
    ],
  },
  {
    says: '“My daughter said she does not recognise me any more.”',
    answers: [
      ['Reassurance', 'Children say things like that. She will not have meant it.', false,
        'Kindly meant. It makes what touched the person smaller.'],
      ['A reflection', 'That stayed with you. You want to be somebody she does recognise.', true,
        'You name what may lie underneath, and say it so that it can be corrected.'],
      ['An open question', 'What do you think she should have said?', false, 'Open, but it leads away from the person to the daughter.'],
    ],
  },
  {
    says: '“I have tried stopping three times. I am just not somebody who can.”',
    answers: [
      ['A warning', 'If you do not stop now, it will only get worse.', false, 'Pressure from outside mostly strengthens the reasons not to change.'],
      ['Arguing', 'Of course you can, you only have to want it.', false, 'You argue for change, so the person argues against it.'],
      ['A reflection', 'Three times you began again. It matters to you, and you are tired of falling back.', true,
        'You hear the effort in what sounded like giving up.'],
    ],
  },
  {
    says: '“Perhaps I could leave my phone outside the bedroom. To begin with.”',
    answers: [
      ['A reflection', 'A first step that you could take: the phone stays outside.', true,
        'You give their own words back. What people hear themselves say, they are more likely to do.'],
      ['More advice', 'And no screens after nine, and a fixed time to get up.', false, 'Their step becomes your list.'],
      ['A check', 'Do you really think that will be enough?', false, 'Doubt now makes a small plan smaller.'],
    ],
  },
];

function runtime(place) {
  for (let up = place; ; up = up.parent) {
    if (up.API) return up.API;
    if (up.parent === up) return null;
  }
}
const api = runtime(window.parent);
const get = name => (api ? api.LMSGetValue(name) : '');
const set = (name, value) => api && api.LMSSetValue(name, String(value));
const page = document.getElementById('page');
let round = 0, right = 0, began = Date.now(), finished = false;

function show(...parts) {
  page.replaceChildren(...parts);
  page.focus();
}
function make(tag, text, name) {
  const found = document.createElement(tag);
  found.textContent = text;
  if (name) found.className = name;
  return found;
}

function keep() {
  set('cmi.core.lesson_location', round);
  set('cmi.suspend_data', JSON.stringify({round, right}));
  if (api) api.LMSCommit('');
}

function ask() {
  if (round >= ROUNDS.length) return end();
  const {says, answers} = ROUNDS[round];
  const buttons = answers.map(([, words, fits, why]) => {
    const button = make('button', words);
    button.addEventListener('click', () => tell(fits, why));
    return button;
  });
  show(make('p', `${round + 1} of ${ROUNDS.length}`), make('h1', 'What would you say?'), make('blockquote', says), ...buttons);
}

function tell(fits, why) {
  if (fits) right += 1;
  round += 1;
  keep();
  const told = make('div', '', 'told');
  const kind = ROUNDS[round - 1].answers.find(answer => answer[3] === why)[0];
  told.append(make('b', fits ? `${kind}. Yes.` : `${kind}. Not here.`), make('p', why));
  const go = make('button', round < ROUNDS.length ? 'Next' : 'How did it go?', 'go');
  go.addEventListener('click', ask);
  show(told, go);
}

function end() {
  const score = Math.round(100 * right / ROUNDS.length);
  set('cmi.core.score.min', 0);
  set('cmi.core.score.max', 100);
  set('cmi.core.score.raw', score);
  set('cmi.core.lesson_status', score >= 75 ? 'passed' : 'failed');
  if (api) api.LMSCommit('');
  const again = make('button', 'Practise again');
  again.addEventListener('click', () => { round = right = 0; ask(); });
  show(make('h1', `${right} of ${ROUNDS.length}`),
    make('p', score >= 75
      ? 'You hear what people mean before you say what they should do. Try one reflection today, and wait two seconds longer than usual.'
      : 'Advice and questions come easily to people who want to help. Practise again: look for the answer that only says back what you heard.'),
    again);
}

function leave() {
  if (finished || !api) return;
  finished = true;
  const seconds = Math.floor((Date.now() - began) / 1000);
  const two = number => String(number).padStart(2, '0');
  set('cmi.core.session_time', `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`);
  set('cmi.core.exit', round > 0 && round < ROUNDS.length ? 'suspend' : '');
  api.LMSFinish('');
}

if (api) {
  api.LMSInitialize('');
  if (get('cmi.core.lesson_status') === 'not attempted') set('cmi.core.lesson_status', 'incomplete');
  try {
    ({round, right} = JSON.parse(get('cmi.suspend_data')));
  } catch {
    round = right = 0;
  }
  if (round >= ROUNDS.length) round = right = 0;
}
addEventListener('pagehide', leave);
ask();
