// A unit is done and has come here: the page of the site around it goes on.
parent.postMessage({kind: 'ended'}, document.body.dataset.site);
