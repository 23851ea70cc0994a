// Swagger UI over our own description. Requests go with a token (Authorize), or with the session of this browser.
const place = document.getElementById('reference');
const csrf = document.querySelector('meta[name=csrf-token]').content;
// What Swagger UI draws without thinking of keyboards and screen readers: levels of headings, links inside buttons (they do
// what the button does), examples that scroll.
function mend() {
  for (const heading of place.querySelectorAll('h3.opblock-tag:not([aria-level])')) heading.setAttribute('aria-level', '2');
  for (const heading of place.querySelectorAll('.opblock-body h4:not([aria-level])')) heading.setAttribute('aria-level', '3');
  for (const link of place.querySelectorAll('button a.nostyle[href]')) link.removeAttribute('href');
  for (const about of place.querySelectorAll('.information-container:not([role])')) about.setAttribute('role', 'banner');
  for (const example of place.querySelectorAll('pre:not([tabindex])')) example.tabIndex = 0;
}
new MutationObserver(mend).observe(place, { childList: true, subtree: true });
globalThis.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  requestInterceptor: request => {
    if (request.url.startsWith(location.origin) && !['GET', 'HEAD'].includes(request.method ?? 'GET')) {
      request.headers['X-CSRFToken'] = csrf;
    }
    return request;
  },
});
