// Monaco makes style elements and writes style attributes into markup, neither of which the page's policy lets anybody do: whoever could
// write into the page could paint over it. So what it makes is given the page's nonce, and what it writes is set by
// script, which a policy permits. Plain JavaScript, because it runs in front of GraphiQL in its page.

/** Run before anything that makes styles; the nonce of the response stands in the element of the options. */
export const STYLES_BY_SCRIPT = `
  const { nonce } = document.querySelector('#options').dataset;
  const { createElement } = Document.prototype;
  Document.prototype.createElement = function (...named) {
    const made = createElement.apply(this, named);
    if (made instanceof HTMLStyleElement) made.nonce = nonce;
    return made;
  };
  // Text has no bare "<", and so what stands between one and ">" is a tag.
  const apart = (html) => String(html).replace(/(<[a-z][^<>]*?\\s)style=/gi, '$1data-style-set=');
  const style = (within) => {
    for (const one of within.querySelectorAll('[data-style-set]')) {
      one.style.cssText = one.getAttribute('data-style-set');
      one.removeAttribute('data-style-set');
    }
  };
  const trusted = globalThis.TrustedHTML;
  const plain = (html) => (typeof html === 'string' || (trusted && html instanceof trusted) ? apart(html) : html);
  const inner = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
  Object.defineProperty(Element.prototype, 'innerHTML', {
    ...inner,
    set(html) {
      inner.set.call(this, plain(html));
      style(this);
    },
  });
  const { insertAdjacentHTML, setAttribute } = Element.prototype;
  Element.prototype.insertAdjacentHTML = function (where, html) {
    insertAdjacentHTML.call(this, where, plain(html));
    style(this.parentNode ?? this);
  };
  Element.prototype.setAttribute = function (name, value) {
    if (name !== 'style' || !this.style) return setAttribute.call(this, name, value);
    this.style.cssText = value;
  };
`;
