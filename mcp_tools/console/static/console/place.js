/** Where this server is: a proxy may have it below a path of its host, which the page's own address tells. */

const page = document.documentElement.dataset;

/** The address of `path`, as the server knows it, at the place of this page. */
export const at = (path) => new URL(`.${path}`, document.baseURI).href;

/** What clients are told: the configured address, else that of this page. It has no slash at its end. */
export const address = page.address || at("/").slice(0, -1);
