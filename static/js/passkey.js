// Passkeys: a form with data-passkey="create" or "get" asks the device first, then sends what it says.
// The options are in data-options, or fetched from data-options-at when the button is pressed.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

function readable({publicKey}) {
  const described = list => list?.map(one => ({...one, id: bytes(one.id)}));
  const options = {...publicKey, challenge: bytes(publicKey.challenge)};
  if (options.user) options.user = {...options.user, id: bytes(options.user.id)};
  for (const name of ['allowCredentials', 'excludeCredentials']) if (options[name]) options[name] = described(options[name]);
  return options;
}

function written(credential) {
  const response = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsAt, {headers: {'X-Requested-With': 'XMLHttpRequest'}});
  return answer.json();
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll('form[data-passkey]') : []) {
  const field = form.elements.credential, complaint = form.querySelector('[data-passkey-error]');
  form.hidden = false;
  form.addEventListener('submit', async event => {
    if (field.value) return;
    event.preventDefault();
    complaint.hidden = true;
    try {
      const found = await optionsOf(form);
      const options = readable(found.creation_options ?? found.request_options);
      const credential = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({publicKey: options})
        : await navigator.credentials.get({publicKey: options});
      field.value = JSON.stringify(written(credential));
      form.submit();
    } catch {
      complaint.hidden = false;
    }
  });
}
