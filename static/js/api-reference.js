// Swagger UI over our own description. Requests go with a token (Authorize), or with the session of this browser.
const place = document.getElementById('reference');
const csrf = document.querySelector('meta[name=csrf-token]').content;
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
