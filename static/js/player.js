// On the isolated host, around a SCORM package: holds the run-time that the package looks for in its parent, and hands
// what it says to the page of the site by message. Of the site it knows the address and what it was given, nothing else.
const {site, ...runtimes} = document.body.dataset;
const frame = document.querySelector('iframe');
const SETTINGS = {autocommit: false, logLevel: 5};
const NAMES = {
  scorm12: {api: 'API', make: 'Scorm12API', begin: 'LMSInitialize', set: 'LMSSetValue', keep: 'LMSCommit', end: 'LMSFinish'},
  scorm2004: {api: 'API_1484_11', make: 'Scorm2004API', begin: 'Initialize', set: 'SetValue', keep: 'Commit', end: 'Terminate'},
};
let timer, api, names, begun = false, over = false;

const tell = message => parent.postMessage(message, site);

function state() {
  const {cmi} = api.renderCMIToJSONObject();
  // Answers to single questions grow without end and are of no use for going on.
  delete cmi.interactions;
  return cmi;
}

function say(ended) {
  clearTimeout(timer);
  if (over) return;
  over = ended;
  const cmi = state();
  if (ended) {
    const total = api.cmi.getCurrentTotalTime();
    if (names.api === 'API') {
      cmi.core.total_time = total;
      // SCORM 1.2 RTE 3.4.4: a part that begins, ends and never says how it went is completed.
      if (['not attempted', ''].includes(cmi.core.lesson_status)) cmi.core.lesson_status = 'completed';
    } else cmi.total_time = total;
  }
  tell({kind: 'state', cmi});
}

async function begin({standard, path, cmi}) {
  begun = true;
  names = NAMES[standard];
  const module = await import(runtimes[standard]);
  api = new module[names.make](SETTINGS);
  api.loadFromJSON(cmi, '');
  const later = () => { clearTimeout(timer); timer = setTimeout(() => say(false), 300); };
  api.on(`${names.set}.cmi.*`, later);
  api.on(names.keep, () => say(false));
  api.on(names.end, () => { say(true); tell({kind: 'ended'}); });
  window[names.api] = api;
  frame.src = `../files/${path}`;
}

addEventListener('message', event => {
  if (event.source !== parent || event.origin !== site) return;
  if (event.data?.kind === 'begin' && !begun) begin(event.data);
  // Leaving: the package hears that its page goes, says its last words, and they are handed on.
  if (event.data?.kind === 'leave') {
    frame.addEventListener('load', () => { if (api) say(false); tell({kind: 'left'}); }, {once: true});
    frame.src = 'about:blank';
  }
});
// The page around may not listen yet.
function knock() {
  if (begun) return;
  tell({kind: 'ready'});
  setTimeout(knock, 200);
}
knock();
